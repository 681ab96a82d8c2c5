package dev.ensemble.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an agent's report makes of a status: it replaces all that is the agent's to say, and leaves
 * what others wrote.
 */
public final class AgentReport {
  /** Conditions that the agent alone writes: when its report leaves one out, it is gone. */
  private static final Set<String> POD_CONDITIONS =
      Set.of(
          "Initialized",
          "Ready",
          "ContainersReady",
          "PodReadyToStartContainers",
          "PodResizePending",
          "PodResizeInProgress");

  private static final Set<String> NODE_CONDITIONS =
      Set.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  /** Conditions that the agent must not write even though it may name them. */
  private static final Set<String> NOT_OF_AGENTS = Set.of("PodScheduled", "NetworkUnavailable");

  /** Fields that others write. */
  private static final List<String> POD_FIELDS =
      List.of("nominatedNodeName", "resourceClaimStatuses", "qosClass");

  private static final List<String> NODE_FIELDS = List.of("volumesAttached");

  private AgentReport() {}

  /** The pod's status to write. Neither argument is changed. */
  public static ObjectNode podStatus(JsonNode current, ObjectNode reported, Instant now) {
    return merge(current, reported, POD_CONDITIONS, POD_FIELDS, now);
  }

  /** The node's status to write. Neither argument is changed. */
  public static ObjectNode nodeStatus(JsonNode current, ObjectNode reported, Instant now) {
    return merge(current, reported, NODE_CONDITIONS, NODE_FIELDS, now);
  }

  private static ObjectNode merge(
      JsonNode current,
      ObjectNode reported,
      Set<String> agentConditions,
      List<String> othersFields,
      Instant now) {
    ObjectNode status = reported.deepCopy();
    for (String field : othersFields) {
      if (current.has(field)) {
        status.set(field, current.get(field).deepCopy());
      }
    }
    Map<String, JsonNode> before = new HashMap<>();
    current.path("conditions").forEach(c -> before.put(c.path("type").asText(), c));
    Map<String, JsonNode> named = new HashMap<>();
    ArrayNode conditions = status.arrayNode();
    for (JsonNode condition : reported.path("conditions")) {
      String type = condition.path("type").asText();
      if (!NOT_OF_AGENTS.contains(type) && named.put(type, condition) == null) {
        conditions.add(timed((ObjectNode) condition.deepCopy(), before.get(type), now));
      }
    }
    for (JsonNode condition : current.path("conditions")) {
      String type = condition.path("type").asText();
      if (!named.containsKey(type) && !agentConditions.contains(type)) {
        conditions.add(condition.deepCopy());
      }
    }
    if (conditions.isEmpty()) {
      status.remove("conditions");
    } else {
      status.set("conditions", conditions);
    }
    return status;
  }

  /** A transition is when the status changed as the API has seen it. */
  private static ObjectNode timed(ObjectNode condition, JsonNode before, Instant now) {
    boolean same =
        before != null && before.path("status").asText().equals(condition.path("status").asText());
    if (same && before.has("lastTransitionTime")) {
      condition.set("lastTransitionTime", before.get("lastTransitionTime"));
    } else if (!condition.has("lastTransitionTime") || before != null) {
      condition.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return condition;
  }
}
