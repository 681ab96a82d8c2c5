package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.Schema;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** Takes away what an applier owned, applies no longer, and nobody else owns. */
final class Pruning {
  private Pruning() {}

  /**
   * @param last what the applier owned before
   * @param owned what anybody owns now, the applier by its new object
   */
  static ObjectNode prune(ObjectNode merged, FieldSet last, FieldSet owned, Schema schema) {
    if (last.isEmpty()) {
      return merged;
    }
    FieldSet before = withDeclared(last, schema);
    FieldSet all = withDeclared(OwnedFields.ofStored(merged, schema), schema);
    ObjectNode bare = without(merged, before, schema);
    FieldSet kept =
        withDeclared(OwnedFields.ofStored(bare, schema), schema).union(withDeclared(owned, schema));
    ObjectNode pruned = without(merged, all.difference(kept), schema);
    // Removing an item removes unowned fields with it; only what was the applier's may go by
    // itself.
    FieldSet gone =
        all.difference(withDeclared(OwnedFields.ofStored(pruned, schema), schema))
            .intersection(before);
    return without(merged, gone, schema);
  }

  private static ObjectNode without(ObjectNode object, FieldSet removed, Schema schema) {
    return removed.isEmpty()
        ? object
        : (ObjectNode)
            remaining(object, removed.json(), schema)
                .orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /** Empty when nothing remains. Shares nodes with {@code value}. */
  private static Optional<JsonNode> remaining(JsonNode value, ObjectNode removed, Schema schema) {
    if (Shapes.granularMap(schema, value)) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      for (Iterator<Map.Entry<String, JsonNode>> fields = value.fields(); fields.hasNext(); ) {
        Map.Entry<String, JsonNode> field = fields.next();
        part(
                field.getValue(),
                removed.get(PathElement.field(field.getKey())),
                Shapes.child(schema, field.getKey()))
            .ifPresent(rest -> result.set(field.getKey(), rest));
      }
      return result.isEmpty() ? Optional.empty() : Optional.of(result);
    }
    if (Shapes.granularList(schema, value)) {
      Schema.ListOf list = (Schema.ListOf) schema;
      ArrayNode result = JsonNodeFactory.instance.arrayNode(value.size());
      for (JsonNode item : value) {
        JsonNode node = PathElement.item(list, item).map(removed::get).orElse(null);
        part(item, node, list.element()).ifPresent(result::add);
      }
      return result.isEmpty() ? Optional.empty() : Optional.of(result);
    }
    return value.isContainerNode() ? Optional.empty() : Optional.of(value);
  }

  private static Optional<JsonNode> part(JsonNode value, JsonNode removed, Schema schema) {
    if (!(removed instanceof ObjectNode node)) {
      return Optional.of(value);
    }
    return FieldSet.isMember(node) ? Optional.empty() : remaining(value, node, schema);
  }

  /**
   * The set with all fields on the way to its members that the schema names. Who owns {@code a.b}
   * holds {@code a} too, unless that is a key of a map or an item of a list.
   */
  private static FieldSet withDeclared(FieldSet set, Schema schema) {
    return FieldSet.trusted(declared(set.json(), schema));
  }

  private static ObjectNode declared(ObjectNode node, Schema schema) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      String element = field.getKey();
      ObjectNode child = (ObjectNode) field.getValue();
      if (element.equals(PathElement.SELF) || child.isEmpty()) {
        result.set(element, child);
        continue;
      }
      ObjectNode below = declared(child, Shapes.below(schema, element));
      if (PathElement.isField(element)
          && Shapes.declares(schema, PathElement.fieldName(element))
          && !below.has(PathElement.SELF)) {
        below.putObject(PathElement.SELF);
      }
      result.set(element, below);
    }
    return result;
  }
}
