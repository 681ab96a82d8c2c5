package dev.ensemble.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonDepth;
import dev.ensemble.core.json.JsonEquality;

/**
 * JSON patch (RFC 6902). Operations apply in order and all or none; an unknown member of an
 * operation is ignored. Indexes are those of the RFC only: upstream also takes negative ones.
 */
public final class JsonPatch {
  /** Upstream's limit; above it the patch is refused before anything is applied. */
  public static final int OPERATIONS_MAX = 10_000;

  /**
   * How many characters of JSON all copies of one patch may add. Without it a few dozen copies that
   * double the document would fill the heap. Upstream's default.
   */
  private static final long COPIED_CHARACTERS_MAX = 3L * 1024 * 1024;

  private JsonNode document;
  private long copiedCharacters;

  private JsonPatch(JsonNode document) {
    this.document = document;
  }

  /**
   * Applies the patch.
   *
   * @return a tree that shares no node with the arguments; not an object if the patch replaced the
   *     root by something else; it may hold explicit nulls that the patch put there
   * @throws PatchException MALFORMED if the patch is no array of objects, TOO_LARGE above {@link
   *     #OPERATIONS_MAX}, UNPROCESSABLE if an operation is invalid or does not apply
   */
  public static JsonNode apply(JsonNode original, JsonNode patch) {
    if (!patch.isArray()) {
      throw new PatchException(
          PatchException.Kind.MALFORMED, "a JSON patch must be an array of operations");
    }
    if (patch.size() > OPERATIONS_MAX) {
      throw new PatchException(
          PatchException.Kind.TOO_LARGE,
          "The allowed maximum operations in a JSON patch is "
              + OPERATIONS_MAX
              + ", got "
              + patch.size());
    }
    if (JsonDepth.exceeded(original) || JsonDepth.exceeded(patch)) {
      throw new PatchException(
          PatchException.Kind.MALFORMED, "nested deeper than " + JsonDepth.MAX + " levels");
    }
    for (JsonNode operation : patch) {
      if (!operation.isObject()) {
        throw new PatchException(
            PatchException.Kind.MALFORMED, "each operation of a JSON patch must be an object");
      }
    }
    JsonPatch state = new JsonPatch(original.deepCopy());
    for (JsonNode operation : patch) {
      state.perform(operation);
    }
    if (JsonDepth.exceeded(state.document)) {
      throw refused("the patched document is nested deeper than " + JsonDepth.MAX + " levels");
    }
    return state.document;
  }

  private void perform(JsonNode operation) {
    String kind = text(operation, "op");
    JsonPointer path = JsonPointer.parse(text(operation, "path"));
    switch (kind) {
      case "add" -> add(path, value(operation, kind).deepCopy(), kind);
      case "remove" -> remove(path, kind);
      case "replace" -> replace(path, value(operation, kind).deepCopy());
      case "test" -> test(path, value(operation, kind));
      case "move" -> move(JsonPointer.parse(text(operation, "from")), path);
      case "copy" -> copy(JsonPointer.parse(text(operation, "from")), path);
      default -> throw refused("unexpected kind of operation: \"" + kind + "\"");
    }
  }

  private void add(JsonPointer path, JsonNode value, String kind) {
    if (path.isRoot()) {
      document = value;
      return;
    }
    JsonNode parent = parentOf(path, kind);
    if (parent instanceof ObjectNode object) {
      object.set(path.last(), value);
    } else {
      ArrayNode array = (ArrayNode) parent;
      if (path.last().equals("-")) {
        array.add(value);
      } else {
        array.insert(index(path.last(), array.size(), path, kind), value);
      }
    }
  }

  private JsonNode remove(JsonPointer path, String kind) {
    if (path.isRoot()) {
      throw refused(kind + " operation does not apply: the whole document cannot be removed");
    }
    JsonNode parent = parentOf(path, kind);
    if (parent instanceof ObjectNode object) {
      JsonNode removed = object.remove(path.last());
      if (removed == null) {
        throw missing(path, kind);
      }
      return removed;
    }
    ArrayNode array = (ArrayNode) parent;
    return array.remove(index(path.last(), array.size() - 1, path, kind));
  }

  private void replace(JsonPointer path, JsonNode value) {
    if (path.isRoot()) {
      document = value;
      return;
    }
    JsonNode parent = parentOf(path, "replace");
    if (parent instanceof ObjectNode object) {
      if (!object.has(path.last())) {
        throw missing(path, "replace");
      }
      object.set(path.last(), value);
    } else {
      ArrayNode array = (ArrayNode) parent;
      array.set(index(path.last(), array.size() - 1, path, "replace"), value);
    }
  }

  private void test(JsonPointer path, JsonNode expected) {
    if (!JsonEquality.equal(find(path, "test"), expected)) {
      throw refused("testing value " + path.text() + " failed: test failed");
    }
  }

  private void move(JsonPointer from, JsonPointer path) {
    if (path.isInside(from)) {
      throw refused(
          "move operation does not apply: "
              + from.text()
              + " cannot be moved into its own child "
              + path.text());
    }
    if (path.equals(from)) {
      find(from, "move");
      return;
    }
    add(path, remove(from, "move"), "move");
  }

  private void copy(JsonPointer from, JsonPointer path) {
    JsonNode copied = find(from, "copy");
    copiedCharacters += characters(copied, COPIED_CHARACTERS_MAX - copiedCharacters);
    if (copiedCharacters > COPIED_CHARACTERS_MAX) {
      throw refused("the copies of this patch exceed the limit of " + COPIED_CHARACTERS_MAX);
    }
    if (JsonDepth.exceeded(copied)) {
      throw refused("copy operation does not apply: nested deeper than " + JsonDepth.MAX);
    }
    add(path, copied.deepCopy(), "copy");
  }

  private JsonNode find(JsonPointer path, String kind) {
    return path.isRoot() ? document : child(parentOf(path, kind), path.last(), path, kind);
  }

  /** The object or array that holds what the path points at. */
  private JsonNode parentOf(JsonPointer path, String kind) {
    JsonNode node = document;
    for (String token : path.tokens().subList(0, path.tokens().size() - 1)) {
      node = child(node, token, path, kind);
    }
    if (!node.isContainerNode()) {
      throw missing(path, kind);
    }
    return node;
  }

  private static JsonNode child(JsonNode node, String token, JsonPointer path, String kind) {
    JsonNode child =
        node.isArray() ? node.get(index(token, node.size() - 1, path, kind)) : node.get(token);
    if (child == null) {
      throw missing(path, kind);
    }
    return child;
  }

  private static int index(String token, int highest, JsonPointer path, String kind) {
    boolean digits = !token.isEmpty() && token.length() <= 9;
    for (int i = 0; i < token.length() && digits; i++) {
      digits = token.charAt(i) >= '0' && token.charAt(i) <= '9';
    }
    if (!digits || (token.length() > 1 && token.charAt(0) == '0')) {
      throw refused(
          kind + " operation does not apply: invalid array index in path: " + path.text());
    }
    int index = Integer.parseInt(token);
    if (index > highest) {
      throw missing(path, kind);
    }
    return index;
  }

  /** About how long the value's JSON is; stops counting above the limit. */
  private static long characters(JsonNode node, long limit) {
    long count = 2;
    if (node.isObject()) {
      for (var fields = node.fields(); fields.hasNext() && count <= limit; ) {
        var field = fields.next();
        count += field.getKey().length() + 4L + characters(field.getValue(), limit - count);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size() && count <= limit; i++) {
        count += 1 + characters(node.get(i), limit - count);
      }
    } else {
      count += node.asText().length();
    }
    return count;
  }

  private static String text(JsonNode operation, String member) {
    JsonNode value = operation.get(member);
    if (value == null || !value.isTextual()) {
      throw refused("an operation of a JSON patch needs the text member \"" + member + "\"");
    }
    return value.textValue();
  }

  private static JsonNode value(JsonNode operation, String kind) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw refused(kind + " operation needs the member \"value\"");
    }
    return value;
  }

  private static PatchException missing(JsonPointer path, String kind) {
    return refused(
        kind
            + " operation does not apply: doc is missing path: "
            + path.text()
            + ": missing value");
  }

  private static PatchException refused(String message) {
    return new PatchException(PatchException.Kind.UNPROCESSABLE, message);
  }
}
