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
   * @param owned what anybody owns now, the applier by its new object and all that this mentions
   */
  static ObjectNode prune(ObjectNode merged, FieldSet last, FieldSet owned, Schema schema) {
    if (last.isEmpty()) {
      return merged;
    }
    FieldSet before = withDeclared(last, schema);
    FieldSet all = withDeclared(OwnedFields.ofStored(merged, schema), schema);
    ObjectNode bare = without(merged, before, FieldSet.EMPTY, schema);
    FieldSet ownedToo = withDeclared(owned, schema);
    FieldSet kept = withDeclared(OwnedFields.ofStored(bare, schema), schema).union(ownedToo);
    ObjectNode pruned = without(merged, all.difference(kept), owned, schema);
    // Removing an item removes unowned fields with it; only what was the applier's may go by
    // itself.
    FieldSet gone =
        all.difference(withDeclared(OwnedFields.ofStored(pruned, schema), schema))
            .intersection(before)
            .difference(ownedToo);
    return without(merged, gone, owned, schema);
  }

  private static ObjectNode without(
      ObjectNode object, FieldSet removed, FieldSet owned, Schema schema) {
    return removed.isEmpty()
        ? object
        : (ObjectNode)
            remaining(object, removed.json(), Optional.of(owned.json()), schema)
                .orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /**
   * Empty when nothing remains and nobody owns the emptied value itself. Shares nodes with {@code
   * value}.
   */
  private static Optional<JsonNode> remaining(
      JsonNode value, ObjectNode removed, Optional<ObjectNode> owned, Schema schema) {
    if (Shapes.granularMap(schema, value)) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      for (Iterator<Map.Entry<String, JsonNode>> fields = value.fields(); fields.hasNext(); ) {
        Map.Entry<String, JsonNode> field = fields.next();
        String element = PathElement.field(field.getKey());
        Schema child = Shapes.child(schema, field.getKey());
        part(field.getValue(), removed.get(element), below(owned, element), child)
            .ifPresent(rest -> result.set(field.getKey(), rest));
      }
      return filledOrOwned(result, owned);
    }
    if (Shapes.granularList(schema, value)) {
      Schema.ListOf list = (Schema.ListOf) schema;
      ArrayNode result = JsonNodeFactory.instance.arrayNode(value.size());
      for (JsonNode item : value) {
        Optional<String> element = PathElement.item(list, item);
        part(
                item,
                element.map(removed::get).orElse(null),
                element.flatMap(name -> below(owned, name)),
                list.element())
            .ifPresent(result::add);
      }
      return filledOrOwned(result, owned);
    }
    return value.isContainerNode() ? Optional.empty() : Optional.of(value);
  }

  private static Optional<JsonNode> filledOrOwned(JsonNode rest, Optional<ObjectNode> owned) {
    return rest.isEmpty() && owned.filter(FieldSet::isMember).isEmpty()
        ? Optional.empty()
        : Optional.of(rest);
  }

  private static Optional<ObjectNode> below(Optional<ObjectNode> owned, String element) {
    return owned.map(node -> (ObjectNode) node.get(element));
  }

  private static Optional<JsonNode> part(
      JsonNode value, JsonNode removed, Optional<ObjectNode> owned, Schema schema) {
    if (!(removed instanceof ObjectNode node)) {
      return Optional.of(value);
    }
    return FieldSet.isMember(node) ? Optional.empty() : remaining(value, node, owned, schema);
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
