package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.json.JsonEquality;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Gathers what is wrong with one object, in the order in which it is found. */
public final class FieldErrors {
  private final List<FieldError> found = new ArrayList<>(0);

  public void add(FieldError error) {
    found.add(error);
  }

  public void required(FieldPath path, String detail) {
    found.add(FieldError.required(path.toString(), detail));
  }

  public void invalid(FieldPath path, JsonNode value, String detail) {
    found.add(FieldError.invalid(path.toString(), value, detail));
  }

  public void invalid(FieldPath path, String value, String detail) {
    invalid(path, TextNode.valueOf(value), detail);
  }

  public void invalid(FieldPath path, long value, String detail) {
    invalid(path, LongNode.valueOf(value), detail);
  }

  /** One error for each sentence. */
  public void invalidEach(FieldPath path, String value, List<String> details) {
    for (String detail : details) {
      invalid(path, value, detail);
    }
  }

  public void forbidden(FieldPath path, String detail) {
    found.add(FieldError.forbidden(path.toString(), detail));
  }

  public void duplicate(FieldPath path, JsonNode value) {
    found.add(FieldError.duplicate(path.toString(), value));
  }

  public void duplicate(FieldPath path, String value) {
    duplicate(path, TextNode.valueOf(value));
  }

  public void notSupported(FieldPath path, String value, Collection<String> supported) {
    found.add(FieldError.notSupported(path.toString(), TextNode.valueOf(value), supported));
  }

  public void notFound(FieldPath path, String value) {
    found.add(
        new FieldError(
            FieldError.Type.NOT_FOUND, path.toString(), Optional.of(TextNode.valueOf(value)), ""));
  }

  public void tooLong(FieldPath path, int bytesMax) {
    found.add(FieldError.tooLong(path.toString(), bytesMax));
  }

  public void tooMany(FieldPath path, int actual, int max) {
    found.add(FieldError.tooMany(path.toString(), actual, max));
  }

  /** Reports a number below 0. */
  public void nonNegative(FieldPath path, long value) {
    if (value < 0) {
      invalid(path, value, "must be greater than or equal to 0");
    }
  }

  /** Reports a text that is not one of the supported; an empty one is a missing value. */
  public void oneOf(FieldPath path, String value, Collection<String> supported) {
    if (value.isEmpty()) {
      required(path, "");
    } else if (!supported.contains(value)) {
      notSupported(path, value, supported);
    }
  }

  /** Reports a text that is set and not one of the supported. */
  public void emptyOrOneOf(FieldPath path, String value, Collection<String> supported) {
    if (!value.isEmpty() && !supported.contains(value)) {
      notSupported(path, value, supported);
    }
  }

  /** Reports a change of a field that may not change. */
  public void immutable(FieldPath path, JsonNode now, JsonNode before) {
    JsonNode is = now.isMissingNode() ? NullNode.instance : now;
    JsonNode was = before.isMissingNode() ? NullNode.instance : before;
    if (!JsonEquality.equal(is, was)) {
      invalid(path, is, "field is immutable");
    }
  }

  public int size() {
    return found.size();
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public List<FieldError> list() {
    return List.copyOf(found);
  }
}
