package dev.ensemble.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonDepth;
import dev.ensemble.core.schema.Schema;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Strategic merge patch: a merge patch that knows from the schema which lists merge, by which key,
 * and that carries directives ({@code $patch}, {@code $retainKeys}, {@code $setElementOrder/…},
 * {@code $deleteFromPrimitiveList/…}). Behaviour is that of apimachinery's strategicpatch.
 */
public final class StrategicMergePatch {
  private StrategicMergePatch() {}

  /**
   * Applies the patch.
   *
   * @return a tree that shares no node with the arguments and holds neither directives nor nulls of
   *     the patch
   * @throws PatchException MALFORMED if a directive has the wrong form or the trees are too deep,
   *     UNPROCESSABLE for lists of lists, UNFORESEEN for what upstream has no case for (elements
   *     without merge key, mixed element types, unknown directives and fields)
   */
  public static ObjectNode apply(ObjectNode original, ObjectNode patch, Schema.Struct schema) {
    if (JsonDepth.exceeded(original) || JsonDepth.exceeded(patch)) {
      throw Directives.malformed("nested deeper than " + JsonDepth.MAX + " levels");
    }
    return mergeObject(original.deepCopy(), patch, schema);
  }

  /** Merges into {@code original}, which is this patch's own copy. */
  static ObjectNode mergeObject(ObjectNode original, ObjectNode patch, Schema schema) {
    JsonNode directive = patch.get(Directives.PATCH);
    if (directive != null) {
      return switch (directive.asText()) {
        case Directives.REPLACE -> Directives.strippedFields(patch);
        case Directives.DELETE -> JsonNodeFactory.instance.objectNode();
        default -> throw Directives.unknown(directive, patch);
      };
    }
    retainKeys(original, patch);
    Set<String> ordered = applyOrders(original, patch, schema);
    applyDeletions(original, patch);
    for (Iterator<Map.Entry<String, JsonNode>> fields = patch.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!Directives.isDirective(field.getKey()) && !ordered.contains(field.getKey())) {
        mergeField(original, field.getKey(), field.getValue(), schema);
      }
    }
    return original;
  }

  private static void mergeField(ObjectNode original, String name, JsonNode value, Schema schema) {
    JsonNode old = original.get(name);
    if (value.isNull()) {
      original.remove(name);
    } else if (old instanceof ObjectNode oldObject && value instanceof ObjectNode object) {
      PatchedField field = PatchedField.of(schema, name);
      ObjectNode merged =
          field.replaced()
              ? Directives.strippedFields(object)
              : mergeObject(oldObject, object, field.schema());
      original.set(name, merged);
    } else if (old instanceof ArrayNode oldList && value instanceof ArrayNode list) {
      PatchedField field = PatchedField.of(schema, name);
      original.set(
          name,
          field.mergesLists()
              ? MergedList.merge(oldList, list, field)
              : Directives.strippedElements(list));
    } else {
      Directives.stripped(value)
          .ifPresentOrElse(plain -> original.set(name, plain), () -> original.remove(name));
    }
  }

  /** Clears what the patch does not say to retain. */
  private static void retainKeys(ObjectNode original, ObjectNode patch) {
    JsonNode list = patch.get(Directives.RETAIN_KEYS);
    if (list == null) {
      return;
    }
    if (!list.isArray()) {
      throw Directives.malformed("invalid patch format of retainKeys");
    }
    Set<String> retained = new HashSet<>();
    list.forEach(key -> retained.add(key.asText()));
    for (Iterator<Map.Entry<String, JsonNode>> fields = patch.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getValue().isNull()
          && !Directives.isDirective(field.getKey())
          && !retained.contains(field.getKey())) {
        throw Directives.malformed("invalid patch format of retainKeys");
      }
    }
    original.retain(retained);
  }

  /** Merges and orders each list that has an order directive; the names of those lists. */
  private static Set<String> applyOrders(ObjectNode original, ObjectNode patch, Schema schema) {
    Set<String> done = new HashSet<>();
    for (Iterator<Map.Entry<String, JsonNode>> fields = patch.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (field.getKey().startsWith(Directives.SET_ELEMENT_ORDER)) {
        String name = Directives.listName(field.getKey(), Directives.SET_ELEMENT_ORDER);
        PatchedField list = PatchedField.of(schema, name);
        if (list.mergesLists() && !(patch.get(name) instanceof NullNode)) {
          applyOrder(original, patch, name, field.getValue(), list);
          done.add(name);
        }
      }
    }
    return done;
  }

  private static void applyOrder(
      ObjectNode original, ObjectNode patch, String name, JsonNode order, PatchedField field) {
    JsonNode old = original.get(name);
    JsonNode list = patch.get(name);
    if (!order.isArray() || !listOrAbsent(old) || !listOrAbsent(list)) {
      throw Directives.malformed("invalid patch format of setElementOrder list");
    }
    ArrayNode changes = list == null ? JsonNodeFactory.instance.arrayNode() : (ArrayNode) list;
    MergedList.checkOrder(changes, (ArrayNode) order, field);
    if (old == null && list == null) {
      return;
    }
    ArrayNode before = old == null ? JsonNodeFactory.instance.arrayNode() : (ArrayNode) old;
    original.set(name, MergedList.mergeOrdered(before, changes, (ArrayNode) order, field));
  }

  private static boolean listOrAbsent(JsonNode node) {
    return node == null || node.isArray();
  }

  private static void applyDeletions(ObjectNode original, ObjectNode patch) {
    for (Iterator<Map.Entry<String, JsonNode>> fields = patch.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getKey().startsWith(Directives.DELETE_FROM_PRIMITIVE_LIST)) {
        continue;
      }
      String name = Directives.listName(field.getKey(), Directives.DELETE_FROM_PRIMITIVE_LIST);
      if (!field.getValue().isArray()) {
        throw Directives.malformed("invalid patch format of primitive list");
      }
      if (original.get(name) instanceof ArrayNode list) {
        original.set(name, MergedList.without(list, (ArrayNode) field.getValue()));
      }
    }
  }
}
