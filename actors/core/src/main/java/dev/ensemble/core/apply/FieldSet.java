package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonDepth;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A set of fields in the form of FieldsV1. An empty node is a member; a node with children is a
 * member too if it has the name ".". Values never change; results share nodes with operands.
 */
final class FieldSet {
  static final FieldSet EMPTY = new FieldSet(JsonNodeFactory.instance.objectNode());

  private final ObjectNode root;

  private FieldSet(ObjectNode root) {
    this.root = root;
  }

  /** Of JSON that this server wrote itself. */
  static FieldSet trusted(ObjectNode fieldsV1) {
    return new FieldSet(fieldsV1);
  }

  static FieldSet of(FieldSetBuilder builder) {
    return new FieldSet(builder.root());
  }

  /** Of JSON that a client sent, with path elements brought to canonical text; empty if invalid. */
  static Optional<FieldSet> decode(JsonNode fieldsV1) {
    if (!fieldsV1.isObject() || JsonDepth.exceeded(fieldsV1)) {
      return Optional.empty();
    }
    return decoded((ObjectNode) fieldsV1).map(FieldSet::new);
  }

  private static Optional<ObjectNode> decoded(ObjectNode node) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      Optional<String> element = PathElement.canonical(field.getKey());
      if (element.isEmpty() || !(field.getValue() instanceof ObjectNode child)) {
        return Optional.empty();
      }
      Optional<ObjectNode> below = decoded(child);
      if (below.isEmpty()) {
        return Optional.empty();
      }
      result.set(element.get(), below.get());
    }
    return Optional.of(result);
  }

  /** FieldsV1. Belongs to the set. */
  ObjectNode json() {
    return root;
  }

  boolean isEmpty() {
    return root.isEmpty();
  }

  static boolean isMember(ObjectNode node) {
    return node.isEmpty() || node.has(PathElement.SELF);
  }

  FieldSet union(FieldSet other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.setAll(root);
    addChildren(result, other.root);
    return new FieldSet(result);
  }

  private static void addChildren(ObjectNode result, ObjectNode other) {
    for (Iterator<Map.Entry<String, JsonNode>> fields = other.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode mine = result.get(field.getKey());
      result.set(
          field.getKey(),
          mine == null || field.getKey().equals(PathElement.SELF)
              ? field.getValue()
              : unionOf((ObjectNode) mine, (ObjectNode) field.getValue()));
    }
  }

  private static ObjectNode unionOf(ObjectNode left, ObjectNode right) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    if (isMember(left) || isMember(right)) {
      result.set(PathElement.SELF, JsonNodeFactory.instance.objectNode());
    }
    result.setAll(left);
    addChildren(result, right);
    return compact(result);
  }

  /** A node that is nothing but a member is written empty. */
  private static ObjectNode compact(ObjectNode node) {
    return node.size() == 1 && node.has(PathElement.SELF)
        ? JsonNodeFactory.instance.objectNode()
        : node;
  }

  /** The members that are not in {@code other}; membership is by node, not by subtree. */
  FieldSet difference(FieldSet other) {
    if (isEmpty() || other.isEmpty() || !touches(root, other.root)) {
      return this;
    }
    return new FieldSet(childrenWithout(root, other.root));
  }

  private static boolean touches(ObjectNode left, ObjectNode right) {
    for (Iterator<String> names = right.fieldNames(); names.hasNext(); ) {
      if (left.has(names.next())) {
        return true;
      }
    }
    return false;
  }

  private static ObjectNode childrenWithout(ObjectNode node, ObjectNode other) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (field.getKey().equals(PathElement.SELF)) {
        continue;
      }
      ObjectNode child = (ObjectNode) field.getValue();
      if (!(other.get(field.getKey()) instanceof ObjectNode removed)) {
        result.set(field.getKey(), child);
        continue;
      }
      addPart(
          result,
          field.getKey(),
          isMember(child) && !isMember(removed),
          childrenWithout(child, removed));
    }
    return result;
  }

  private static void addPart(
      ObjectNode result, String element, boolean member, ObjectNode children) {
    if (children.isEmpty()) {
      if (member) {
        result.set(element, children);
      }
      return;
    }
    ObjectNode part = JsonNodeFactory.instance.objectNode();
    if (member) {
      part.set(PathElement.SELF, JsonNodeFactory.instance.objectNode());
    }
    part.setAll(children);
    result.set(element, part);
  }

  FieldSet intersection(FieldSet other) {
    return new FieldSet(childrenInBoth(root, other.root));
  }

  private static ObjectNode childrenInBoth(ObjectNode left, ObjectNode right) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ObjectNode smaller = left.size() <= right.size() ? left : right;
    ObjectNode larger = left.size() <= right.size() ? right : left;
    for (Iterator<Map.Entry<String, JsonNode>> fields = smaller.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getKey().equals(PathElement.SELF)
          && larger.get(field.getKey()) instanceof ObjectNode other) {
        ObjectNode child = (ObjectNode) field.getValue();
        addPart(
            result,
            field.getKey(),
            isMember(child) && isMember(other),
            childrenInBoth(child, other));
      }
    }
    return result;
  }

  /** Without these fields of the root and all below them. */
  FieldSet withoutRoots(Set<String> fieldNames) {
    List<String> present = fieldNames.stream().map(PathElement::field).filter(root::has).toList();
    if (present.isEmpty()) {
      return this;
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.setAll(root);
    result.remove(present);
    return new FieldSet(result);
  }

  /** The same set with path elements in order, as it is published. */
  FieldSet sorted() {
    return new FieldSet(sorted(root));
  }

  private static ObjectNode sorted(ObjectNode node) {
    if (node.isEmpty()) {
      return node;
    }
    List<String> names = new ArrayList<>(node.size());
    node.fieldNames().forEachRemaining(names::add);
    names.sort(null);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (String name : names) {
      result.set(name, sorted((ObjectNode) node.get(name)));
    }
    return result;
  }

  /** The members as people read them, those of a node before those of its children. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    addPaths(paths, sorted(root), new StringBuilder());
    return paths;
  }

  private static void addPaths(List<String> paths, ObjectNode node, StringBuilder prefix) {
    int length = prefix.length();
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getKey().equals(PathElement.SELF) && isMember((ObjectNode) field.getValue())) {
        PathElement.print(prefix, field.getKey());
        paths.add(prefix.toString());
        prefix.setLength(length);
      }
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getKey().equals(PathElement.SELF) && !field.getValue().isEmpty()) {
        PathElement.print(prefix, field.getKey());
        addPaths(paths, (ObjectNode) field.getValue(), prefix);
        prefix.setLength(length);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && root.equals(set.root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
