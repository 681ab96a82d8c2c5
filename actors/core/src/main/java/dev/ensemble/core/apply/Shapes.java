package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.schema.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How values are owned: one by one inside, or as a whole. */
final class Shapes {
  /** Fields without a schema: objects are owned field by field, lists as a whole. */
  static final Schema DEDUCED =
      new Schema.Struct("", Map.of(), Schema.Merge.GRANULAR, Schema.Unknown.KEPT);

  private static final String BUILT_IN = "io.k8s.";

  /**
   * Fields of built-in kinds that upstream's encoder always writes, because they are plain structs
   * there: an object without them has them empty, and so they are not "added" by who fills them.
   */
  private static final Set<String> ALWAYS_THERE =
      Set.of(
          "metadata",
          "spec",
          "status",
          "strategy",
          "updateStrategy",
          "resources",
          "loadBalancer",
          "nodeInfo",
          "daemonEndpoints");

  private Shapes() {}

  /** Whether fields of both values are owned one by one. An absent value fits any shape. */
  static boolean granularMap(Schema schema, Optional<JsonNode> left, Optional<JsonNode> right) {
    boolean granular =
        (schema instanceof Schema.Struct struct && struct.merge() == Schema.Merge.GRANULAR)
            || (schema instanceof Schema.MapOf map && map.merge() == Schema.Merge.GRANULAR);
    return granular
        && left.map(JsonNode::isObject).orElse(true)
        && right.map(JsonNode::isObject).orElse(true);
  }

  static boolean granularMap(Schema schema, JsonNode value) {
    return granularMap(schema, Optional.of(value), Optional.empty());
  }

  static boolean granularList(Schema schema, Optional<JsonNode> left, Optional<JsonNode> right) {
    return schema instanceof Schema.ListOf list
        && list.kind() != Schema.ListKind.ATOMIC
        && left.map(JsonNode::isArray).orElse(true)
        && right.map(JsonNode::isArray).orElse(true);
  }

  static boolean granularList(Schema schema, JsonNode value) {
    return granularList(schema, Optional.of(value), Optional.empty());
  }

  /** The shape of what is at a field or key. */
  static Schema child(Schema parent, String name) {
    if (parent instanceof Schema.Struct struct) {
      Schema.Field field = struct.fields().get(name);
      return field == null ? DEDUCED : field.schema();
    }
    return parent instanceof Schema.MapOf map ? map.value() : DEDUCED;
  }

  static boolean declares(Schema parent, String name) {
    return parent instanceof Schema.Struct struct && struct.fields().containsKey(name);
  }

  static boolean refuses(Schema parent, String name) {
    return parent instanceof Schema.Struct struct
        && struct.unknown() == Schema.Unknown.PRUNED
        && !struct.fields().containsKey(name);
  }

  /** The shape below any path element. */
  static Schema below(Schema parent, String element) {
    if (PathElement.isField(element)) {
      return child(parent, PathElement.fieldName(element));
    }
    return parent instanceof Schema.ListOf list ? list.element() : DEDUCED;
  }

  /** Whether upstream's encoder writes the field even when it is not set. */
  static boolean alwaysThere(Schema parent, String name) {
    if (!(parent instanceof Schema.Struct struct) || !struct.name().startsWith(BUILT_IN)) {
      return false;
    }
    Schema.Field field = struct.fields().get(name);
    return field != null
        && (field.presence() == Schema.Presence.REQUIRED || ALWAYS_THERE.contains(name));
  }

  /** The value of one of the list's keys, or its default. */
  static Optional<JsonNode> keyValue(Schema.ListOf list, String key, JsonNode item) {
    JsonNode value = item.get(key);
    if (value != null) {
      return Optional.of(value);
    }
    return list.element() instanceof Schema.Struct struct
        ? struct.field(key).flatMap(Schema.Field::defaultValue)
        : Optional.empty();
  }

  /** Why the item cannot be told from others in its list; empty if it can. */
  static Optional<String> itemError(Schema.ListOf list, JsonNode item) {
    if (list.kind() == Schema.ListKind.SET) {
      return item.isValueNode() && !item.isNull()
          ? Optional.empty()
          : Optional.of("associative list without keys has an element that is no scalar");
    }
    if (!item.isObject()) {
      return Optional.of("associative list with keys may not have non-map elements");
    }
    for (String key : list.keys()) {
      if (keyValue(list, key, item).isEmpty()) {
        return Optional.of(
            "associative list with keys has an element that omits key field \""
                + key
                + "\" (and doesn't have default value)");
      }
    }
    return Optional.empty();
  }
}
