package dev.ensemble.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/**
 * JSON merge patches (RFC 7386): null deletes, objects merge, everything else replaces. Trees
 * deeper than {@link JsonDepth#MAX} are refused with an IllegalArgumentException.
 */
public final class MergePatch {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private MergePatch() {}

  /** The patched tree. It shares no node with either argument, so it may be changed. */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    JsonDepth.require(target);
    JsonDepth.require(patch);
    ObjectNode result = target.deepCopy();
    mergeInto(result, patch);
    return result;
  }

  /**
   * The patched tree, with all that the patch does not touch shared with {@code target} and what it
   * brings shared with {@code patch}. For callers that treat trees as values; costs only as much as
   * the patch is large.
   */
  public static ObjectNode applySharing(ObjectNode target, ObjectNode patch) {
    JsonDepth.require(patch);
    return merged(target, patch);
  }

  /**
   * The smallest merge patch that turns {@code from} into {@code to}; empty when they are equal.
   * Explicit nulls in {@code to} cannot be said by a merge patch and are taken as absent. The patch
   * shares nodes with {@code to}.
   */
  public static ObjectNode diff(ObjectNode from, ObjectNode to) {
    return difference(from, to, JsonDepth.MAX);
  }

  private static ObjectNode merged(JsonNode target, ObjectNode patch) {
    ObjectNode result = NODES.objectNode();
    if (target instanceof ObjectNode object) {
      result.setAll(object);
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = patch.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode value = field.getValue();
      if (value.isNull()) {
        result.remove(field.getKey());
      } else if (value instanceof ObjectNode object) {
        result.set(field.getKey(), merged(orAbsent(result, field.getKey()), object));
      } else {
        result.set(field.getKey(), value);
      }
    }
    return result;
  }

  private static void mergeInto(ObjectNode result, ObjectNode patch) {
    for (Iterator<Map.Entry<String, JsonNode>> fields = patch.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode value = field.getValue();
      if (value.isNull()) {
        result.remove(field.getKey());
      } else if (value instanceof ObjectNode object) {
        ObjectNode inner =
            result.get(field.getKey()) instanceof ObjectNode existing
                ? existing
                : result.putObject(field.getKey());
        mergeInto(inner, object);
      } else {
        result.set(field.getKey(), value.deepCopy());
      }
    }
  }

  private static JsonNode orAbsent(ObjectNode object, String name) {
    JsonNode value = object.get(name);
    return value == null ? NullNode.getInstance() : value;
  }

  private static ObjectNode difference(ObjectNode from, ObjectNode to, int depthLeft) {
    checkDepth(depthLeft);
    ObjectNode patch = NODES.objectNode();
    for (Iterator<Map.Entry<String, JsonNode>> fields = from.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (present(field.getValue()) && !present(to.get(field.getKey()))) {
        patch.set(field.getKey(), NullNode.getInstance());
      }
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = to.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      addDifference(
          patch, field.getKey(), from.get(field.getKey()), field.getValue(), depthLeft - 1);
    }
    return patch;
  }

  // Trees that share nodes are compared by reference first: most of a version is the last one's.
  @SuppressWarnings("ReferenceEquality")
  private static void addDifference(
      ObjectNode patch, String name, JsonNode old, JsonNode value, int depthLeft) {
    if (!present(value) || value == old) {
      return;
    }
    if (old instanceof ObjectNode oldObject && value instanceof ObjectNode object) {
      ObjectNode inner = difference(oldObject, object, depthLeft);
      if (!inner.isEmpty()) {
        patch.set(name, inner);
      }
    } else if (old == null || !same(old, value, depthLeft)) {
      patch.set(name, value);
    }
  }

  private static void checkDepth(int depthLeft) {
    if (depthLeft < 0) {
      throw new IllegalArgumentException("nested deeper than " + JsonDepth.MAX + " levels");
    }
  }

  private static boolean present(JsonNode value) {
    return value != null && !value.isNull();
  }

  /** Equal, and written alike: 1 and 1.0 are different texts, so a diff must say so. */
  private static boolean same(JsonNode old, JsonNode value, int depthLeft) {
    return (!old.isContainerNode() && old.equals(value))
        || (old.isIntegralNumber() && value.isIntegralNumber() && JsonEquality.equal(old, value))
        || (old.isArray() && value.isArray() && sameArrays(old, value, depthLeft - 1))
        || (old.isObject() && value.isObject() && sameObjects(old, value, depthLeft - 1));
  }

  private static boolean sameArrays(JsonNode old, JsonNode value, int depthLeft) {
    checkDepth(depthLeft);
    if (old.size() != value.size()) {
      return false;
    }
    for (int i = 0; i < old.size(); i++) {
      if (!same(old.get(i), value.get(i), depthLeft)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameObjects(JsonNode old, JsonNode value, int depthLeft) {
    checkDepth(depthLeft);
    if (old.size() != value.size()) {
      return false;
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = old.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode other = value.get(field.getKey());
      if (other == null || !same(field.getValue(), other, depthLeft)) {
        return false;
      }
    }
    return true;
  }
}
