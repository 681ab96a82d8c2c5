package dev.ensemble.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists that merge: of scalars as sets, of objects by merge key. The order of the result keeps, in
 * this precedence, the order directive (or the patch's own order) for what the patch names, then
 * the live order for what only the server has; where both allow it, server-only elements stay
 * before the elements that they stood before.
 */
final class MergedList {
  private MergedList() {}

  /** Merges without an order directive: the patch's own order counts. */
  static ArrayNode merge(ArrayNode live, ArrayNode patch, PatchedField field) {
    if (patch.isEmpty()) {
      return live;
    }
    List<JsonNode> changes = new ArrayList<>();
    List<JsonNode> merged = mergedElements(live, patch, field, changes);
    return ordered(merged, changes, elements(live), field);
  }

  /** Merges, and orders what {@code order} names as it says. */
  static ArrayNode mergeOrdered(
      ArrayNode live, ArrayNode patch, ArrayNode order, PatchedField field) {
    List<JsonNode> before = elements(live);
    List<JsonNode> merged =
        patch.isEmpty() ? elements(live) : mergedElements(live, patch, field, new ArrayList<>());
    return ordered(merged, elements(order), before, field);
  }

  static ArrayNode without(ArrayNode list, ArrayNode deleted) {
    Set<JsonNode> gone = new HashSet<>();
    deleted.forEach(element -> gone.add(plain(element)));
    ArrayNode kept = JsonNodeFactory.instance.arrayNode(list.size());
    for (JsonNode element : list) {
      if (!gone.contains(plain(element))) {
        kept.add(element);
      }
    }
    return kept;
  }

  /**
   * The elements that the patch sets must all be in the order list, and stand there in the same
   * relative order.
   */
  static void checkOrder(ArrayNode patch, ArrayNode order, PatchedField field) {
    if (patch.isEmpty() || order.isEmpty()) {
      return;
    }
    int at = 0;
    for (JsonNode element : patch) {
      if (element.has(Directives.PATCH)) {
        continue;
      }
      JsonNode key = key(element, field);
      while (at < order.size() && !key(order.get(at), field).equals(key)) {
        at++;
      }
      if (at++ == order.size()) {
        throw unforeseen(
            "The order in patch list: "
                + patch
                + " doesn't match "
                + Directives.SET_ELEMENT_ORDER
                + " list: "
                + order);
      }
    }
  }

  /**
   * The live elements with the patch's merged in and new ones at the end. {@code changes} gets the
   * patch's elements without special ones.
   */
  private static List<JsonNode> mergedElements(
      ArrayNode live, ArrayNode patch, PatchedField field, List<JsonNode> changes) {
    checkTypes(live, patch);
    if (!patch.get(0).isObject()) {
      changes.addAll(elements(patch));
      Set<JsonNode> distinct = new LinkedHashSet<>(elements(live));
      distinct.addAll(changes);
      return new ArrayList<>(distinct);
    }
    if (field.mergeKey().isEmpty()) {
      throw unforeseen("cannot merge lists without merge key for field " + field.name());
    }
    List<JsonNode> result = withoutDeleted(elements(live), patch, field, changes);
    Map<JsonNode, Integer> positions = new HashMap<>();
    for (int i = 0; i < result.size(); i++) {
      positions.putIfAbsent(key(result.get(i), field), i);
    }
    for (JsonNode change : changes) {
      JsonNode key = key(change, field);
      Integer position = positions.get(key);
      if (position == null) {
        positions.put(key, result.size());
        result.add(Directives.strippedFields((ObjectNode) change));
      } else {
        result.set(
            position,
            StrategicMergePatch.mergeObject(
                (ObjectNode) result.get(position), (ObjectNode) change, field.element()));
      }
    }
    return result;
  }

  /** Carries out the special elements of the patch; the others go to {@code changes}. */
  private static List<JsonNode> withoutDeleted(
      List<JsonNode> live, ArrayNode patch, PatchedField field, List<JsonNode> changes) {
    Set<JsonNode> deleted = new HashSet<>();
    boolean replaced = false;
    for (JsonNode element : patch) {
      JsonNode directive = element.get(Directives.PATCH);
      if (directive == null) {
        changes.add(element);
        continue;
      }
      switch (directive.asText()) {
        case Directives.DELETE -> deleted.add(key(element, field));
        case Directives.REPLACE -> replaced = true;
        case Directives.MERGE ->
            throw unforeseen("merging lists cannot yet be specified in the patch");
        default -> throw Directives.unknown(directive, (ObjectNode) element);
      }
    }
    if (replaced) {
      return new ArrayList<>();
    }
    if (deleted.isEmpty()) {
      return live;
    }
    List<JsonNode> kept = new ArrayList<>(live.size());
    for (JsonNode element : live) {
      JsonNode key = element.get(field.mergeKey().orElseThrow());
      if (key == null || !deleted.contains(plain(key))) {
        kept.add(element);
      }
    }
    return kept;
  }

  private static ArrayNode ordered(
      List<JsonNode> merged, List<JsonNode> order, List<JsonNode> live, PatchedField field) {
    Map<JsonNode, Integer> wanted = positions(order, field);
    Map<JsonNode, Integer> before = positions(live, field);
    List<JsonNode> named = new ArrayList<>();
    List<JsonNode> serverOnly = new ArrayList<>();
    for (JsonNode element : merged) {
      (wanted.containsKey(key(element, field)) ? named : serverOnly).add(element);
    }
    named.sort(Comparator.comparingInt(element -> wanted.get(key(element, field))));
    ArrayNode result = JsonNodeFactory.instance.arrayNode(merged.size());
    int server = 0;
    for (JsonNode element : named) {
      Integer place = before.get(key(element, field));
      while (place != null && server < serverOnly.size()) {
        Integer other = before.get(key(serverOnly.get(server), field));
        if (other == null || other >= place) {
          break;
        }
        result.add(serverOnly.get(server++));
      }
      result.add(element);
    }
    serverOnly.subList(server, serverOnly.size()).forEach(result::add);
    return result;
  }

  private static Map<JsonNode, Integer> positions(List<JsonNode> elements, PatchedField field) {
    Map<JsonNode, Integer> positions = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      positions.putIfAbsent(key(elements.get(i), field), i);
    }
    return positions;
  }

  /** What tells an element from others: its merge key's value, or the scalar itself. */
  private static JsonNode key(JsonNode element, PatchedField field) {
    if (field.mergeKey().isEmpty()) {
      return plain(element);
    }
    if (!element.isObject()) {
      throw unforeseen(
          "expected a map, but received a " + element.getNodeType() + " in list " + field.name());
    }
    JsonNode key = element.get(field.mergeKey().get());
    if (key == null) {
      throw unforeseen(
          "map: " + element + " does not contain declared merge key: " + field.mergeKey().get());
    }
    return plain(key);
  }

  /** Jackson's int and long of one value are not equal. */
  private static JsonNode plain(JsonNode key) {
    return key.isInt() ? JsonNodeFactory.instance.numberNode(key.longValue()) : key;
  }

  private static void checkTypes(ArrayNode live, ArrayNode patch) {
    JsonNode first = patch.get(0);
    for (List<JsonNode> list : List.of(elements(live), elements(patch))) {
      for (JsonNode element : list) {
        if (element.isArray()) {
          throw new PatchException(
              PatchException.Kind.UNPROCESSABLE, "lists of lists are not supported");
        }
        if (element.getNodeType() != first.getNodeType()) {
          throw unforeseen("list element types are not identical: " + live + " " + patch);
        }
      }
    }
  }

  private static List<JsonNode> elements(ArrayNode list) {
    List<JsonNode> elements = new ArrayList<>(list.size());
    list.forEach(elements::add);
    return elements;
  }

  private static PatchException unforeseen(String message) {
    return new PatchException(PatchException.Kind.UNFORESEEN, message);
  }
}
