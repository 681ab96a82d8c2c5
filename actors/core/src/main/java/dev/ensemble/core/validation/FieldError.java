package dev.ensemble.core.validation;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.Collection;
import java.util.Optional;

/**
 * One thing wrong with one field. {@code field} is a path such as {@code spec.containers[0].image};
 * {@code badValue} is the offending value where upstream prints one; {@code detail} is the sentence
 * after it.
 */
public record FieldError(Type type, String field, Optional<JsonNode> badValue, String detail) {

  /**
   * Kinds of field errors: the cause's {@code reason} in a Status, and the words of the message
   * (apimachinery's field.ErrorType).
   */
  public enum Type {
    REQUIRED("FieldValueRequired", "Required value"),
    INVALID("FieldValueInvalid", "Invalid value"),
    NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
    DUPLICATE("FieldValueDuplicate", "Duplicate value"),
    FORBIDDEN("FieldValueForbidden", "Forbidden"),
    NOT_FOUND("FieldValueNotFound", "Not found"),
    TOO_LONG("FieldValueTooLong", "Too long"),
    TOO_MANY("FieldValueTooMany", "Too many"),
    TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
    INTERNAL("InternalError", "Internal error");

    private final String reason;
    private final String words;

    Type(String reason, String words) {
      this.reason = reason;
      this.words = words;
    }

    public String reason() {
      return reason;
    }

    public String words() {
      return words;
    }
  }

  public static FieldError required(String field, String detail) {
    return new FieldError(Type.REQUIRED, field, Optional.empty(), detail);
  }

  public static FieldError invalid(String field, JsonNode badValue, String detail) {
    return new FieldError(Type.INVALID, field, Optional.of(badValue), detail);
  }

  public static FieldError forbidden(String field, String detail) {
    return new FieldError(Type.FORBIDDEN, field, Optional.empty(), detail);
  }

  public static FieldError duplicate(String field, JsonNode badValue) {
    return new FieldError(Type.DUPLICATE, field, Optional.of(badValue), "");
  }

  /** Names the supported values in sorted order, as upstream prints them. */
  public static FieldError notSupported(
      String field, JsonNode badValue, Collection<String> supported) {
    String values =
        supported.stream().sorted().map(value -> '"' + value + '"').collect(joining(", "));
    return new FieldError(
        Type.NOT_SUPPORTED,
        field,
        Optional.of(badValue),
        values.isEmpty() ? "" : "supported values: " + values);
  }

  public static FieldError tooLong(String field, int bytesMax) {
    return new FieldError(
        Type.TOO_LONG, field, Optional.empty(), "may not be more than " + bytesMax + " bytes");
  }

  public static FieldError tooMany(String field, int actual, int max) {
    return new FieldError(
        Type.TOO_MANY,
        field,
        Optional.of(IntNode.valueOf(actual)),
        "must have at most " + max + (max == 1 ? " item" : " items"));
  }

  /**
   * The message without the field's path: {@code Invalid value: "x": must be …}. It is the cause's
   * message in a Status.
   */
  public String message() {
    StringBuilder text = new StringBuilder(type.words());
    badValue.ifPresent(value -> text.append(": ").append(value));
    if (!detail.isEmpty()) {
      text.append(": ").append(detail);
    }
    return text.toString();
  }

  /** {@code path: message}. */
  @Override
  public String toString() {
    return field + ": " + message();
  }
}
