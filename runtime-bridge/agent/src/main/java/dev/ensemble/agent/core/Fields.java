package dev.ensemble.agent.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads fields of Kubernetes objects; what is absent is empty, never null. */
public final class Fields {
  private Fields() {}

  /** The node at the path, or the missing node. */
  public static JsonNode at(JsonNode node, String... path) {
    JsonNode here = node;
    for (String name : path) {
      here = here.path(name);
    }
    return here.isNull() ? MissingNode.getInstance() : here;
  }

  /** The text at the path, or the empty string. */
  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  public static Optional<String> find(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isMissingNode() ? Optional.empty() : Optional.of(found.asText());
  }

  public static Optional<Long> number(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isNumber() ? Optional.of(found.longValue()) : Optional.empty();
  }

  public static boolean flag(JsonNode node, String... path) {
    return at(node, path).asBoolean(false);
  }

  public static boolean has(JsonNode node, String... path) {
    return !at(node, path).isMissingNode();
  }

  public static List<JsonNode> list(JsonNode node, String... path) {
    List<JsonNode> items = new ArrayList<>();
    at(node, path).forEach(items::add);
    return items;
  }

  public static List<String> texts(JsonNode node, String... path) {
    return list(node, path).stream().map(JsonNode::asText).toList();
  }

  /** An object of strings, in its order. */
  public static Map<String, String> strings(JsonNode node, String... path) {
    Map<String, String> found = new LinkedHashMap<>();
    at(node, path).fields().forEachRemaining(e -> found.put(e.getKey(), e.getValue().asText()));
    return found;
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The state of a condition in a status: True, False, Unknown; empty when it is not there. */
  public static String condition(JsonNode status, String type) {
    return list(status, "conditions").stream()
        .filter(condition -> text(condition, "type").equals(type))
        .findFirst()
        .map(condition -> text(condition, "status"))
        .orElse("");
  }
}
