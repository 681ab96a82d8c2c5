package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Sums a Deployment's status up from its fleet. */
final class DeploymentStatus {
  private static final String FAILURE = "ReplicaFailure";

  private DeploymentStatus() {}

  static ObjectNode counts(ObjectFacts self, Fleet fleet, long collisions) {
    List<ReplicaSetFacts> all = fleet.all();
    int available = sum(all, ReplicaSetFacts::available);
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    putCount(status, "observedGeneration", (int) self.generation());
    putCount(status, "replicas", sum(all, ReplicaSetFacts::actual));
    putCount(status, "updatedReplicas", fleet.newSet().map(ReplicaSetFacts::actual).orElse(0));
    putCount(status, "readyReplicas", sum(all, ReplicaSetFacts::ready));
    putCount(status, "availableReplicas", available);
    putCount(status, "unavailableReplicas", Math.max(0, fleet.wanted() - available));
    status.put("terminatingReplicas", sum(all, ReplicaSetFacts::terminating));
    putCount(status, "collisionCount", (int) collisions);
    return status;
  }

  static void judgeAvailability(
      Conditions conditions, DeploymentSpec spec, JsonNode counts, Instant now) {
    if (counts.path("availableReplicas").asInt() >= spec.replicas() - spec.maxUnavailable()) {
      Progress.put(
          conditions,
          "Available",
          "True",
          "MinimumReplicasAvailable",
          "Deployment has minimum availability.",
          now);
    } else {
      Progress.put(
          conditions,
          "Available",
          "False",
          "MinimumReplicasUnavailable",
          "Deployment does not have minimum availability.",
          now);
    }
  }

  /** Passes on what keeps the new ReplicaSet, or else an old one, from making pods. */
  static void passFailureOn(Conditions conditions, Fleet fleet) {
    Optional<JsonNode> failure =
        fleet
            .newSet()
            .flatMap(ReplicaSetFacts::failure)
            .or(() -> fleet.old().stream().flatMap(set -> set.failure().stream()).findFirst());
    if (failure.isEmpty()) {
      conditions.remove(FAILURE);
      return;
    }
    JsonNode found = failure.get();
    String since = found.path("lastTransitionTime").asText();
    if (conditions.has(FAILURE, found.path("reason").asText())) {
      return;
    }
    conditions.put(
        Conditions.condition(
                FAILURE,
                found.path("status").asText(),
                found.path("reason").asText(),
                found.path("message").asText())
            .put("lastUpdateTime", since)
            .put("lastTransitionTime", since));
  }

  private static int sum(List<ReplicaSetFacts> sets, ToIntFunction<ReplicaSetFacts> count) {
    return sets.stream().mapToInt(count).sum();
  }

  private static void putCount(ObjectNode status, String field, int count) {
    if (count != 0) {
      status.put(field, count);
    }
  }
}
