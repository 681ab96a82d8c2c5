package dev.ensemble.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;

/**
 * When two JSON values are the same. Jackson's own equality tells an int from a long of the same
 * value, which JSON does not.
 */
public final class JsonEquality {
  private JsonEquality() {}

  /**
   * Numbers are equal when their values are, whatever they are held in ({@code 1}, {@code 1.0});
   * objects whatever the order of their fields. RFC 6902 section 4.6.
   */
  public static boolean equal(JsonNode left, JsonNode right) {
    if (left.isObject()) {
      return right.isObject() && equalObjects(left, right);
    }
    if (left.isArray()) {
      return right.isArray() && equalArrays(left, right);
    }
    if (left.isNumber()) {
      return right.isNumber() && equalNumbers(left, right);
    }
    return left.equals(right);
  }

  private static boolean equalObjects(JsonNode left, JsonNode right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = left.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode other = right.get(field.getKey());
      if (other == null || !equal(field.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalArrays(JsonNode left, JsonNode right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalNumbers(JsonNode left, JsonNode right) {
    if (left.isIntegralNumber() && right.isIntegralNumber()) {
      return (left.canConvertToLong() && right.canConvertToLong())
          ? left.longValue() == right.longValue()
          : left.bigIntegerValue().equals(right.bigIntegerValue());
    }
    if (notFinite(left) || notFinite(right)) {
      return left.equals(right);
    }
    return left.decimalValue().compareTo(right.decimalValue()) == 0;
  }

  private static boolean notFinite(JsonNode number) {
    return number.isFloatingPointNumber()
        && !number.isBigDecimal()
        && !Double.isFinite(number.doubleValue());
  }
}
