package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a Deployment needs of one of its ReplicaSets.
 *
 * @param replicas wanted ({@code spec.replicas}); the numbers after it are from the status
 */
public record ReplicaSetFacts(
    ObjectFacts meta,
    int replicas,
    int minReadySeconds,
    JsonNode template,
    int actual,
    int ready,
    int available,
    int terminating,
    long observedGeneration,
    Optional<JsonNode> failure) {
  static final Comparator<ReplicaSetFacts> OLDEST_FIRST =
      Comparator.comparing((ReplicaSetFacts set) -> set.meta().created())
          .thenComparing(set -> set.meta().name());
  static final Comparator<ReplicaSetFacts> NEWEST_FIRST =
      Comparator.comparing((ReplicaSetFacts set) -> set.meta().created())
          .reversed()
          .thenComparing(set -> set.meta().name());

  public static ReplicaSetFacts of(JsonNode replicaSet) {
    JsonNode spec = replicaSet.path("spec");
    JsonNode status = replicaSet.path("status");
    return new ReplicaSetFacts(
        ObjectFacts.of(ReplicaSetReconciler.REPLICA_SETS, replicaSet),
        spec.path("replicas").asInt(1),
        spec.path("minReadySeconds").asInt(),
        spec.path("template"),
        status.path("replicas").asInt(),
        status.path("readyReplicas").asInt(),
        status.path("availableReplicas").asInt(),
        status.path("terminatingReplicas").asInt(),
        status.path("observedGeneration").asLong(),
        Conditions.find(status, "ReplicaFailure"));
  }

  ReplicaSetFacts withReplicas(int wanted) {
    return new ReplicaSetFacts(
        meta,
        wanted,
        minReadySeconds,
        template,
        actual,
        ready,
        available,
        terminating,
        observedGeneration,
        failure);
  }

  boolean active() {
    return replicas > 0;
  }

  /**
   * Available pods that will still be there when the ReplicaSet has followed its spec. The status
   * may be older than the spec; counting on pods that are about to go would take too many.
   */
  int lastingAvailable() {
    return Math.min(available, replicas);
  }
}
