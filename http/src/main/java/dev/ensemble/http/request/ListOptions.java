package dev.ensemble.http.request;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.status.Statuses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * meta/v1 ListOptions of a list or watch, validated as apimachinery does (ValidateListOptions).
 *
 * @param limit 0 means no limit
 * @param timeout empty: the server chooses
 */
public record ListOptions(
    String labelSelector,
    String fieldSelector,
    boolean watch,
    boolean allowWatchBookmarks,
    boolean sendInitialEvents,
    String resourceVersion,
    String resourceVersionMatch,
    long limit,
    String continueToken,
    Optional<Duration> timeout) {
  private static final String EXACT = "Exact";
  private static final String NOT_OLDER_THAN = "NotOlderThan";

  public static ListOptions of(Query query, String verb) {
    long seconds = query.number("timeoutSeconds").orElse(0);
    ListOptions options =
        new ListOptions(
            query.get("labelSelector"),
            query.get("fieldSelector"),
            verb.equals("watch"),
            query.isTrue("allowWatchBookmarks"),
            query.isTrue("sendInitialEvents"),
            query.get("resourceVersion"),
            query.get("resourceVersionMatch"),
            Math.max(0, query.number("limit").orElse(0)),
            query.get("continue"),
            seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty());
    List<FieldError> errors =
        options.watch
            ? options.watchErrors(query.has("sendInitialEvents"))
            : options.listErrors(query.has("sendInitialEvents"));
    if (!errors.isEmpty()) {
      throw Statuses.invalid("meta.k8s.io", "ListOptions", "", errors);
    }
    return options;
  }

  /** The revision asked for: 0 when none is named. */
  public long revision() {
    return resourceVersion.isEmpty() ? 0 : Revisions.parse(resourceVersion);
  }

  public boolean exact() {
    return resourceVersionMatch.equals(EXACT);
  }

  private List<FieldError> watchErrors(boolean initialEventsGiven) {
    List<FieldError> errors = new ArrayList<>();
    if (initialEventsGiven) {
      if (resourceVersionMatch.isEmpty()) {
        errors.add(
            FieldError.forbidden(
                "resourceVersionMatch",
                "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
      } else if (!resourceVersionMatch.equals(NOT_OLDER_THAN)) {
        errors.add(unsupportedMatch(NOT_OLDER_THAN));
      }
    } else if (!resourceVersionMatch.isEmpty()) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    }
    return errors;
  }

  private List<FieldError> listErrors(boolean initialEventsGiven) {
    List<FieldError> errors = new ArrayList<>();
    if (initialEventsGiven) {
      errors.add(
          FieldError.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    }
    if (resourceVersionMatch.isEmpty()) {
      return errors;
    }
    if (!continueToken.isEmpty()) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch", "resourceVersionMatch is forbidden for continue"));
    }
    if (resourceVersion.isEmpty()) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    }
    if (!resourceVersionMatch.equals(EXACT) && !resourceVersionMatch.equals(NOT_OLDER_THAN)) {
      errors.add(unsupportedMatch(EXACT, NOT_OLDER_THAN));
    } else if (exact() && resourceVersion.equals("0")) {
      errors.add(
          FieldError.forbidden(
              "resourceVersionMatch",
              "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }
    return errors;
  }

  private FieldError unsupportedMatch(String... supported) {
    return new FieldError(
        FieldError.Type.NOT_SUPPORTED,
        "resourceVersionMatch",
        Optional.of(TextNode.valueOf(resourceVersionMatch)),
        "supported values: \"" + String.join("\", \"", supported) + "\"");
  }
}
