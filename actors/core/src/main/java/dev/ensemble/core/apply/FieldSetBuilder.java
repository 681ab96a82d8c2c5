package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Grows one {@link FieldSet}; not to be used after it was built. */
final class FieldSetBuilder {
  private final ObjectNode root = JsonNodeFactory.instance.objectNode();

  /** Adds the field at the path; the root is never a member. */
  void insert(FieldPath path) {
    ObjectNode node = root;
    boolean created = true;
    for (int i = 0; i < path.length(); i++) {
      if (!created && node.isEmpty()) {
        node.putObject(PathElement.SELF);
      }
      String element = path.element(i);
      ObjectNode child = (ObjectNode) node.get(element);
      created = child == null;
      node = created ? node.putObject(element) : child;
    }
    if (!created && path.length() > 0 && !FieldSet.isMember(node)) {
      node.putObject(PathElement.SELF);
    }
  }

  ObjectNode root() {
    return root;
  }
}
