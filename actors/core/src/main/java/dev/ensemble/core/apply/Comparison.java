package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.schema.Schema;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which fields came, changed and went between two versions of an object. */
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {

  static Comparison of(ObjectNode before, ObjectNode after, Schema schema) {
    Walk walk = new Walk();
    walk.object(before, after, schema, true, true);
    return new Comparison(
        FieldSet.of(walk.added), FieldSet.of(walk.modified), FieldSet.of(walk.removed));
  }

  boolean isEmpty() {
    return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
  }

  /** What has a new value. */
  FieldSet set() {
    return added.union(modified);
  }

  Comparison withoutRoots(Set<String> fieldNames) {
    return fieldNames.isEmpty()
        ? this
        : new Comparison(
            added.withoutRoots(fieldNames),
            modified.withoutRoots(fieldNames),
            removed.withoutRoots(fieldNames));
  }

  /**
   * Walks both trees at once. In place of a value that is absent stands null, and explicit nulls
   * are absent; {@code wasThere} and {@code isThere} tell of an absent object that upstream's
   * encoder would have written.
   */
  private static final class Walk {
    private final FieldPath path = new FieldPath();
    private final FieldSetBuilder added = new FieldSetBuilder();
    private final FieldSetBuilder modified = new FieldSetBuilder();
    private final FieldSetBuilder removed = new FieldSetBuilder();

    // Versions share what did not change; the walk need not enter it.
    @SuppressWarnings("ReferenceEquality")
    private void value(
        JsonNode before, JsonNode after, Schema schema, boolean wasThere, boolean isThere) {
      if (before == after) {
        return;
      }
      Optional<JsonNode> old = Optional.ofNullable(before);
      Optional<JsonNode> now = Optional.ofNullable(after);
      boolean filled = filled(before) || filled(after);
      if (filled && Shapes.granularMap(schema, old, now)) {
        object(before, after, schema, wasThere, isThere);
        container(before, after, wasThere, isThere);
      } else if (filled
          && Shapes.granularList(schema, old, now)
          && list(before, after, (Schema.ListOf) schema)) {
        container(before, after, wasThere, isThere);
      } else {
        leaf(before, after, wasThere, isThere);
      }
    }

    private static boolean filled(JsonNode value) {
      return value != null && !value.isEmpty();
    }

    private void container(JsonNode before, JsonNode after, boolean wasThere, boolean isThere) {
      if (before == null && !wasThere) {
        added.insert(path);
      } else if (after == null && !isThere) {
        removed.insert(path);
      }
    }

    private void leaf(JsonNode before, JsonNode after, boolean wasThere, boolean isThere) {
      if (before == null) {
        if (!(wasThere && after.isContainerNode() && after.isEmpty())) {
          added.insert(path);
        }
      } else if (after == null) {
        if (!(isThere && before.isContainerNode() && before.isEmpty())) {
          removed.insert(path);
        }
      } else if (!JsonEquality.equal(before, after)) {
        modified.insert(path);
      }
    }

    private void object(
        JsonNode before, JsonNode after, Schema schema, boolean wasThere, boolean isThere) {
      boolean parentWas = before != null || wasThere;
      boolean parentIs = after != null || isThere;
      if (before != null) {
        for (Iterator<Map.Entry<String, JsonNode>> fields = before.fields(); fields.hasNext(); ) {
          Map.Entry<String, JsonNode> field = fields.next();
          JsonNode now = after == null ? null : after.get(field.getKey());
          child(schema, field.getKey(), field.getValue(), now, parentWas, parentIs);
        }
      }
      if (after != null) {
        for (Iterator<Map.Entry<String, JsonNode>> fields = after.fields(); fields.hasNext(); ) {
          Map.Entry<String, JsonNode> field = fields.next();
          if (before == null || !before.has(field.getKey())) {
            child(schema, field.getKey(), null, field.getValue(), parentWas, parentIs);
          }
        }
      }
    }

    private void child(
        Schema parent,
        String name,
        JsonNode before,
        JsonNode after,
        boolean parentWas,
        boolean parentIs) {
      JsonNode old = before == null || before.isNull() ? null : before;
      JsonNode now = after == null || after.isNull() ? null : after;
      boolean always = (old == null || now == null) && Shapes.alwaysThere(parent, name);
      path.field(name);
      value(old, now, Shapes.child(parent, name), parentWas && always, parentIs && always);
      path.leave();
    }

    /** Whether the list could be walked: items without a valid key make it one whole. */
    private boolean list(JsonNode before, JsonNode after, Schema.ListOf schema) {
      if (before != null
          && after != null
          && pairwise((ArrayNode) before, (ArrayNode) after, schema)) {
        return true;
      }
      Optional<Map<String, JsonNode>> old = byElement(before, schema);
      Optional<Map<String, JsonNode>> now = byElement(after, schema);
      if (old.isEmpty() || now.isEmpty()) {
        return false;
      }
      old.get().forEach((element, item) -> item(element, item, now.get().get(element), schema));
      now.get()
          .forEach(
              (element, item) -> {
                if (!old.get().containsKey(element)) {
                  item(element, null, item, schema);
                }
              });
      return true;
    }

    private void item(String element, JsonNode before, JsonNode after, Schema.ListOf schema) {
      path.item(element);
      value(before, after, schema.element(), false, false);
      path.leave();
    }

    /** The usual case, without texts: the same items in the same order. */
    private boolean pairwise(ArrayNode before, ArrayNode after, Schema.ListOf schema) {
      if (before.size() != after.size()) {
        return false;
      }
      for (int i = 0; i < before.size(); i++) {
        if (!sameItem(before.get(i), after.get(i), schema)) {
          return false;
        }
      }
      for (int i = 0; i < before.size(); i++) {
        path.item(schema, after.get(i));
        value(before.get(i), after.get(i), schema.element(), false, false);
        path.leave();
      }
      return true;
    }

    private static boolean sameItem(JsonNode before, JsonNode after, Schema.ListOf schema) {
      if (Shapes.itemError(schema, before).isPresent()
          || Shapes.itemError(schema, after).isPresent()) {
        return false;
      }
      if (schema.kind() == Schema.ListKind.SET) {
        return before.equals(after);
      }
      for (String key : schema.keys()) {
        if (!Shapes.keyValue(schema, key, before).equals(Shapes.keyValue(schema, key, after))) {
          return false;
        }
      }
      return true;
    }

    /** Of items with equal keys the first counts. */
    private static Optional<Map<String, JsonNode>> byElement(JsonNode list, Schema.ListOf schema) {
      Map<String, JsonNode> items = new LinkedHashMap<>();
      if (list != null) {
        for (JsonNode item : list) {
          Optional<String> element = PathElement.item(schema, item);
          if (element.isEmpty()) {
            return Optional.empty();
          }
          items.putIfAbsent(element.get(), item);
        }
      }
      return Optional.of(items);
    }
  }
}
