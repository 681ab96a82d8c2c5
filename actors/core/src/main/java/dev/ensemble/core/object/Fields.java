package dev.ensemble.core.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads and writes fields of a JSON object as typed code would: a field that is not there reads as
 * the empty value of its type. Explicit nulls read as not there.
 */
public final class Fields {
  private Fields() {}

  /** Whether the field is there and not null. */
  public static boolean has(JsonNode object, String field) {
    JsonNode value = object.get(field);
    return value != null && !value.isNull();
  }

  /** The text, or the empty text. */
  public static String text(JsonNode object, String field) {
    JsonNode value = object.get(field);
    return value != null && value.isTextual() ? value.textValue() : "";
  }

  /** The whole number, or 0. */
  public static long number(JsonNode object, String field) {
    JsonNode value = object.get(field);
    return value != null && value.isNumber() ? value.longValue() : 0;
  }

  public static OptionalLong optionalNumber(JsonNode object, String field) {
    JsonNode value = object.get(field);
    return value != null && value.isNumber()
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  /** True only if the field is there and true. */
  public static boolean flag(JsonNode object, String field) {
    JsonNode value = object.get(field);
    return value != null && value.isBoolean() && value.booleanValue();
  }

  /** The elements of a list, none if it is not there. */
  public static Iterable<JsonNode> items(JsonNode object, String field) {
    JsonNode value = object.get(field);
    return value != null && value.isArray() ? value : List.of();
  }

  /** The number of elements or entries. */
  public static int size(JsonNode object, String field) {
    return object.path(field).size();
  }

  /** The entries of a map or an object, none if it is not there. */
  public static Iterable<Map.Entry<String, JsonNode>> entries(JsonNode object, String field) {
    JsonNode value = object.get(field);
    if (value == null || !value.isObject()) {
      return List.of();
    }
    return value.properties();
  }

  /** The object at a field; it is made when it is not there. */
  public static ObjectNode ensureObject(ObjectNode object, String field) {
    return object.get(field) instanceof ObjectNode found ? found : object.putObject(field);
  }

  /** The object at a field, or an empty one that is not part of the tree. */
  public static ObjectNode object(JsonNode object, String field) {
    return object.get(field) instanceof ObjectNode found
        ? found
        : JsonNodeFactory.instance.objectNode();
  }

  /** Sets a text where there is none or the empty one. */
  public static void defaultText(ObjectNode object, String field, String text) {
    if (text(object, field).isEmpty()) {
      object.put(field, text);
    }
  }

  /** Sets a number where the field is not there. */
  public static void defaultNumber(ObjectNode object, String field, long number) {
    if (!has(object, field)) {
      putNumber(object, field, number);
    }
  }

  /** Sets a number where the field is not there or 0. */
  public static void defaultNonZero(ObjectNode object, String field, long number) {
    if (number(object, field) == 0) {
      putNumber(object, field, number);
    }
  }

  /** Sets a number as the parser would have read it, so that trees compare equal. */
  public static void putNumber(ObjectNode object, String field, long number) {
    if (number == (int) number) {
      object.put(field, (int) number);
    } else {
      object.put(field, number);
    }
  }
}
