package dev.ensemble.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** The directives of strategic merge patches, and values freed from them. */
final class Directives {
  static final String PATCH = "$patch";
  static final String REPLACE = "replace";
  static final String DELETE = "delete";
  static final String MERGE = "merge";
  static final String RETAIN_KEYS = "$retainKeys";
  static final String SET_ELEMENT_ORDER = "$setElementOrder";
  static final String DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList";

  private Directives() {}

  static boolean isDirective(String name) {
    return name.startsWith("$")
        && (name.equals(PATCH)
            || name.equals(RETAIN_KEYS)
            || name.startsWith(SET_ELEMENT_ORDER)
            || name.startsWith(DELETE_FROM_PRIMITIVE_LIST));
  }

  /** The list that {@code prefix/list} is about. */
  static String listName(String directive, String prefix) {
    if (directive.length() < prefix.length() + 2 || directive.charAt(prefix.length()) != '/') {
      throw malformed(
          prefix.equals(SET_ELEMENT_ORDER)
              ? "invalid patch format of setElementOrder list"
              : "invalid patch format of primitive list");
    }
    return directive.substring(prefix.length() + 1);
  }

  /**
   * A value that the patch brings in whole: without directives, and without the nulls that would
   * only have deleted. Empty if the value says that it is to be deleted.
   */
  static Optional<JsonNode> stripped(JsonNode value) {
    if (value instanceof ObjectNode object) {
      return deletes(object) ? Optional.empty() : Optional.of(strippedFields(object));
    }
    return Optional.of(
        value instanceof ArrayNode array ? strippedElements(array) : value.deepCopy());
  }

  static ObjectNode strippedFields(ObjectNode object) {
    ObjectNode plain = JsonNodeFactory.instance.objectNode();
    for (Iterator<Map.Entry<String, JsonNode>> fields = object.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getValue().isNull() && !isDirective(field.getKey())) {
        stripped(field.getValue()).ifPresent(value -> plain.set(field.getKey(), value));
      }
    }
    return plain;
  }

  static ArrayNode strippedElements(ArrayNode array) {
    ArrayNode plain = JsonNodeFactory.instance.arrayNode(array.size());
    for (JsonNode element : array) {
      if (!(element instanceof ObjectNode object && replacesList(object))) {
        stripped(element).ifPresent(plain::add);
      }
    }
    return plain;
  }

  static boolean deletes(ObjectNode object) {
    return object.path(PATCH).asText().equals(DELETE);
  }

  /** An element that is there only to say that the list is to be replaced. */
  static boolean replacesList(ObjectNode object) {
    return object.path(PATCH).asText().equals(REPLACE);
  }

  static PatchException unknown(JsonNode directive, ObjectNode where) {
    return new PatchException(
        PatchException.Kind.UNFORESEEN,
        "unknown patch type: " + directive.asText() + " in map: " + where);
  }

  static PatchException malformed(String message) {
    return new PatchException(PatchException.Kind.MALFORMED, message);
  }
}
