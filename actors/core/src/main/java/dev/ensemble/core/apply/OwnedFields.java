package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.Schema;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields that an object mentions: what its applier comes to own. */
final class OwnedFields {
  /** What is done about values that do not fit the schema. */
  private enum Misfits {
    REFUSED,
    LEAVES
  }

  private enum EmptyLists {
    NOBODYS,
    COUNTED
  }

  private final FieldPath path = new FieldPath();
  private final FieldSetBuilder fields = new FieldSetBuilder();
  private final Misfits misfits;
  private final EmptyLists emptyLists;

  private OwnedFields(Misfits misfits, EmptyLists emptyLists) {
    this.misfits = misfits;
    this.emptyLists = emptyLists;
  }

  /**
   * @throws UntypedException for unknown fields and for lists whose items have no or the same keys
   */
  static FieldSet ofApplied(ObjectNode applied, Schema schema) {
    return of(applied, schema, new OwnedFields(Misfits.REFUSED, EmptyLists.NOBODYS));
  }

  /** As {@link #ofApplied}, with its empty lists, which nobody owns. */
  static FieldSet mentionedBy(ObjectNode applied, Schema schema) {
    return of(applied, schema, new OwnedFields(Misfits.REFUSED, EmptyLists.COUNTED));
  }

  /** Of an object that is stored: what does not fit is taken as one whole. */
  static FieldSet ofStored(ObjectNode stored, Schema schema) {
    return of(stored, schema, new OwnedFields(Misfits.LEAVES, EmptyLists.NOBODYS));
  }

  private static FieldSet of(ObjectNode object, Schema schema, OwnedFields walk) {
    walk.value(object, schema);
    return FieldSet.of(walk.fields);
  }

  private void value(JsonNode value, Schema schema) {
    if (value.isNull()) {
      fields.insert(path);
    } else if (Shapes.granularMap(schema, value)) {
      map(value, schema);
    } else if (Shapes.granularList(schema, value)) {
      list(value, (Schema.ListOf) schema);
    } else {
      fields.insert(path);
    }
  }

  private void map(JsonNode map, Schema schema) {
    for (Iterator<Map.Entry<String, JsonNode>> children = map.fields(); children.hasNext(); ) {
      Map.Entry<String, JsonNode> child = children.next();
      path.field(child.getKey());
      if (misfits == Misfits.REFUSED && Shapes.refuses(schema, child.getKey())) {
        throw new UntypedException(path + ": field not declared in schema");
      }
      value(child.getValue(), Shapes.child(schema, child.getKey()));
      boolean emptyMap = child.getValue().isObject() && child.getValue().isEmpty();
      if (emptyMap || !Shapes.declares(schema, child.getKey())) {
        fields.insert(path);
      }
      path.leave();
    }
  }

  private void list(JsonNode list, Schema.ListOf schema) {
    if (list.isEmpty() && emptyLists == EmptyLists.COUNTED) {
      fields.insert(path);
    }
    Set<String> seen = new HashSet<>();
    Set<String> repeated = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      Optional<String> error = Shapes.itemError(schema, list.get(i));
      if (error.isPresent()) {
        if (misfits == Misfits.REFUSED) {
          throw new UntypedException(path + ": element " + i + ": " + error.get());
        }
        fields.insert(path);
        return;
      }
      String element = PathElement.validItem(schema, list.get(i));
      if (!seen.add(element)) {
        repeated.add(element);
      }
    }
    if (misfits == Misfits.REFUSED && !repeated.isEmpty()) {
      StringBuilder text = new StringBuilder().append(path).append(": duplicate entries for key ");
      PathElement.print(text, repeated.iterator().next());
      throw new UntypedException(text.toString());
    }
    for (JsonNode item : list) {
      String element = PathElement.validItem(schema, item);
      path.item(element);
      if (!repeated.contains(element)) {
        value(item, schema.element());
      }
      fields.insert(path);
      path.leave();
    }
  }
}
