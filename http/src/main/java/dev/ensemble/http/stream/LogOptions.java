package dev.ensemble.http.stream;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.request.Query;
import dev.ensemble.http.status.Statuses;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Validates the options of logs (ValidatePodLogOptions). */
final class LogOptions {
  private LogOptions() {}

  static void validate(Query query, OptionalLong tail, OptionalLong limit, OptionalLong since) {
    List<FieldError> errors = new ArrayList<>();
    if (tail.isPresent() && tail.getAsLong() < 0) {
      errors.add(
          FieldError.invalid(
              "tailLines",
              LongNode.valueOf(tail.getAsLong()),
              "must be greater than or equal to 0"));
    }
    if (limit.isPresent() && limit.getAsLong() < 1) {
      errors.add(
          FieldError.invalid(
              "limitBytes", LongNode.valueOf(limit.getAsLong()), "must be greater than 0"));
    }
    if (since.isPresent() && since.getAsLong() < 1) {
      errors.add(
          FieldError.invalid(
              "sinceSeconds", LongNode.valueOf(since.getAsLong()), "must be greater than 0"));
    }
    String time = query.get("sinceTime");
    if (since.isPresent() && !time.isEmpty()) {
      errors.add(
          FieldError.forbidden(
              "", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    }
    if (!time.isEmpty() && !isTime(time)) {
      errors.add(FieldError.invalid("sinceTime", TextNode.valueOf(time), "must be RFC 3339"));
    }
    if (!errors.isEmpty()) {
      throw Statuses.invalid("", "PodLogOptions", "", errors);
    }
  }

  private static boolean isTime(String text) {
    try {
      Instant.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
