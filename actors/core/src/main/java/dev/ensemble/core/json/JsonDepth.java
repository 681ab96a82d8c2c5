package dev.ensemble.core.json;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How deep a JSON tree may be. The rules recurse over trees, so depth is bounded before they do.
 */
public final class JsonDepth {
  /** As deep as Jackson reads by default; the deepest published kind needs about 30. */
  public static final int MAX = 1000;

  private JsonDepth() {}

  /** Whether the tree is deeper than {@link #MAX}; a scalar has depth 0. */
  public static boolean exceeded(JsonNode node) {
    return exceeded(node, MAX);
  }

  private static boolean exceeded(JsonNode node, int left) {
    if (!node.isContainerNode()) {
      return false;
    }
    if (left == 0) {
      return true;
    }
    for (JsonNode child : node) {
      if (child.isContainerNode() && exceeded(child, left - 1)) {
        return true;
      }
    }
    return false;
  }

  /**
   * @throws IllegalArgumentException when the tree is deeper than {@link #MAX}
   */
  public static void require(JsonNode node) {
    if (exceeded(node)) {
      throw new IllegalArgumentException("nested deeper than " + MAX + " levels");
    }
  }
}
