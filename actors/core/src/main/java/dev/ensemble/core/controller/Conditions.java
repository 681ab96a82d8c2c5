package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The list {@code status.conditions}, as a value that is changed condition by condition. */
public final class Conditions {
  private final List<ObjectNode> list = new ArrayList<>();

  private Conditions() {}

  public static Conditions of(JsonNode status) {
    Conditions conditions = new Conditions();
    for (JsonNode condition : status.path("conditions")) {
      conditions.list.add(condition.deepCopy());
    }
    return conditions;
  }

  public static Optional<JsonNode> find(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  public Optional<ObjectNode> find(String type) {
    return list.stream()
        .filter(condition -> condition.path("type").asText().equals(type))
        .findFirst();
  }

  public boolean has(String type, String reason) {
    return find(type).filter(found -> found.path("reason").asText().equals(reason)).isPresent();
  }

  public Conditions remove(String type) {
    list.removeIf(condition -> condition.path("type").asText().equals(type));
    return this;
  }

  /** Puts a condition at the end, in the place of any of its type. */
  public Conditions put(ObjectNode condition) {
    remove(condition.path("type").asText());
    list.add(condition);
    return this;
  }

  /** A condition without times. */
  public static ObjectNode condition(String type, String status, String reason, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("status", status)
        .put("reason", reason)
        .put("message", message);
  }

  /** The API writes times in whole seconds. */
  public static String written(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Writes the list into {@code status}; an empty list is left out. */
  public void into(ObjectNode status) {
    if (list.isEmpty()) {
      status.remove("conditions");
      return;
    }
    ArrayNode array = status.putArray("conditions");
    list.forEach(array::add);
  }
}
