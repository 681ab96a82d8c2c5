package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.Schema;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lays an applied object over a live one: nothing is removed, and where both say something the
 * applied object counts. The result shares no node with either.
 */
final class Merging {
  private Merging() {}

  static ObjectNode merge(ObjectNode live, ObjectNode applied, Schema schema) {
    return map(Optional.of(live), applied, schema);
  }

  /** Empty when nothing is left: an explicit null takes a whole value away. */
  private static Optional<JsonNode> value(
      Optional<JsonNode> live, JsonNode applied, Schema schema) {
    Optional<JsonNode> old = live.filter(node -> !node.isNull());
    if (applied.isNull()) {
      boolean granular =
          Shapes.granularMap(schema, old, Optional.empty())
              || Shapes.granularList(schema, old, Optional.empty());
      return granular ? old.map(JsonNode::deepCopy) : Optional.empty();
    }
    if (Shapes.granularMap(schema, old, Optional.of(applied))) {
      return Optional.of(map(old, (ObjectNode) applied, schema));
    }
    if (Shapes.granularList(schema, old, Optional.of(applied))) {
      return Optional.of(list(old, (ArrayNode) applied, (Schema.ListOf) schema));
    }
    return Optional.of(applied.deepCopy());
  }

  private static ObjectNode map(Optional<JsonNode> live, ObjectNode applied, Schema schema) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    if (live.isPresent()) {
      for (Iterator<Map.Entry<String, JsonNode>> fields = live.get().fields(); fields.hasNext(); ) {
        Map.Entry<String, JsonNode> field = fields.next();
        if (!applied.has(field.getKey())) {
          result.set(field.getKey(), field.getValue().deepCopy());
        } else {
          set(result, field.getKey(), Optional.of(field.getValue()), applied, schema);
        }
      }
    }
    for (Iterator<String> names = applied.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (live.isEmpty() || !live.get().has(name)) {
        set(result, name, Optional.empty(), applied, schema);
      }
    }
    return result;
  }

  private static void set(
      ObjectNode result, String name, Optional<JsonNode> live, ObjectNode applied, Schema schema) {
    value(live, applied.get(name), Shapes.child(schema, name))
        .ifPresent(value -> result.set(name, value));
  }

  /**
   * Items that both have stand in the applied order; those that only the live list has stay before
   * the items that they stood before, as far as that allows.
   */
  private static ArrayNode list(Optional<JsonNode> live, ArrayNode applied, Schema.ListOf schema) {
    Map<String, JsonNode> ours = new LinkedHashMap<>();
    applied.forEach(item -> ours.put(PathElement.validItem(schema, item), item));
    Map<String, Integer> old = occurrences(live, schema);
    Map<String, JsonNode> oldItems = new HashMap<>();
    ArrayNode result = JsonNodeFactory.instance.arrayNode(ours.size() + old.size());
    live.ifPresent(
        list ->
            list.forEach(
                item -> PathElement.item(schema, item).ifPresent(e -> oldItems.put(e, item))));
    List<String> order = List.copyOf(ours.keySet());
    List<String> shared = order.stream().filter(old::containsKey).toList();
    int taken = 0;
    int nextShared = 0;
    for (JsonNode item : live.orElseGet(JsonNodeFactory.instance::arrayNode)) {
      Optional<String> element = PathElement.item(schema, item);
      if (element.isEmpty() || !ours.containsKey(element.get())) {
        result.add(item.deepCopy());
      } else if (nextShared < shared.size() && shared.get(nextShared).equals(element.get())) {
        int end = order.indexOf(element.get()) + 1;
        addItems(result, order.subList(taken, end), ours, old, oldItems, schema);
        taken = end;
        nextShared++;
      }
    }
    addItems(result, order.subList(taken, order.size()), ours, old, oldItems, schema);
    return result;
  }

  private static void addItems(
      ArrayNode result,
      List<String> elements,
      Map<String, JsonNode> ours,
      Map<String, Integer> occurrences,
      Map<String, JsonNode> oldItems,
      Schema.ListOf schema) {
    for (String element : elements) {
      // Which of several equal items is meant nobody can tell: the applied one replaces them all.
      Optional<JsonNode> old =
          occurrences.getOrDefault(element, 0) == 1
              ? Optional.of(oldItems.get(element))
              : Optional.empty();
      value(old, ours.get(element), schema.element()).ifPresent(result::add);
    }
  }

  private static Map<String, Integer> occurrences(Optional<JsonNode> live, Schema.ListOf schema) {
    Map<String, Integer> count = new HashMap<>();
    live.ifPresent(
        list ->
            list.forEach(
                item ->
                    PathElement.item(schema, item)
                        .ifPresent(e -> count.merge(e, 1, Integer::sum))));
    return count;
  }
}
