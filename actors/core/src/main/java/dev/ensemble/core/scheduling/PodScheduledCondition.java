package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The condition PodScheduled of a pod that waits for a node. */
public final class PodScheduledCondition {
  private static final String TYPE = "PodScheduled";

  private PodScheduledCondition() {}

  /**
   * The pod with PodScheduled=False, reason Unschedulable, and its nominated node; empty when it
   * says so already in the same words. {@code pod} is not changed.
   *
   * @param nominated the node where others are being ended for it
   */
  public static Optional<ObjectNode> unschedulable(
      ObjectNode pod, String message, Optional<String> nominated, Instant now) {
    boolean sameNode =
        pod.path("status").path("nominatedNodeName").asText().equals(nominated.orElse(""));
    JsonNode before = pod.path("status").path("conditions");
    ArrayNode conditions = pod.arrayNode();
    ObjectNode condition = pod.objectNode().put("type", TYPE);
    for (JsonNode old : before) {
      if (!old.path("type").asText().equals(TYPE)) {
        conditions.add(old);
        continue;
      }
      if (sameNode
          && old.path("status").asText().equals("False")
          && old.path("reason").asText().equals("Unschedulable")
          && old.path("message").asText().equals(message)) {
        return Optional.empty();
      }
      if (old.path("status").asText().equals("False") && old.has("lastTransitionTime")) {
        condition.set("lastTransitionTime", old.get("lastTransitionTime"));
      }
    }
    condition.put("status", "False").put("reason", "Unschedulable").put("message", message);
    if (!condition.has("lastTransitionTime")) {
      condition.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    long generation = pod.path("metadata").path("generation").asLong();
    if (generation > 0) {
      condition.put("observedGeneration", generation);
    }
    conditions.add(condition);
    ObjectNode after = pod.deepCopy();
    ObjectNode status = after.withObjectProperty("status");
    status.set("conditions", conditions);
    status.remove("nominatedNodeName");
    nominated.ifPresent(node -> status.put("nominatedNodeName", node));
    return Optional.of(after);
  }
}
