package dev.ensemble.core.controller.replicaset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Setback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a ReplicaSet's status says of the pods that it has before the pass. */
final class ReplicaSetStatus {
  private static final String FAILURE = "ReplicaFailure";

  private ReplicaSetStatus() {}

  static ObjectNode of(
      ReplicaSetView view,
      ObjectFacts self,
      Duration minReady,
      List<PodFacts> claimed,
      int wanted,
      Instant now) {
    JsonNode template = view.replicaSet().path("spec").path("template").path("metadata");
    Map<String, String> labels = ObjectFacts.texts(template.path("labels"));
    List<PodFacts> active = claimed.stream().filter(PodFacts::active).toList();
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("replicas", active.size());
    putCount(
        status,
        "fullyLabeledReplicas",
        active.stream()
            .filter(pod -> pod.meta().labels().entrySet().containsAll(labels.entrySet()))
            .count());
    putCount(status, "readyReplicas", active.stream().filter(PodFacts::ready).count());
    putCount(
        status,
        "availableReplicas",
        active.stream().filter(pod -> pod.available(minReady, now)).count());
    status.put("terminatingReplicas", (int) claimed.stream().filter(PodFacts::terminating).count());
    if (self.generation() != 0) {
      status.set("observedGeneration", number(self.generation()));
    }
    conditions(view, active.size(), wanted, now).into(status);
    return status;
  }

  private static Conditions conditions(ReplicaSetView view, int active, int wanted, Instant now) {
    JsonNode before = view.replicaSet().path("status");
    Conditions conditions = Conditions.of(before);
    Optional<Setback> failure =
        view.setback().filter(back -> back.attempt() != Setback.Attempt.OTHER && active != wanted);
    if (failure.isEmpty()) {
      return conditions.remove(FAILURE);
    }
    if (conditions.find(FAILURE).isEmpty()) {
      String reason =
          failure.get().attempt() == Setback.Attempt.CREATE ? "FailedCreate" : "FailedDelete";
      conditions.put(
          Conditions.condition(FAILURE, "True", reason, failure.get().message())
              .put("lastTransitionTime", Conditions.written(now)));
    }
    return conditions;
  }

  /** Counts of zero are left out, as upstream's encoding does. */
  private static void putCount(ObjectNode status, String field, long count) {
    if (count > 0) {
      status.put(field, (int) count);
    }
  }

  /** The node that parsing the same number gives, so that an unchanged status compares equal. */
  private static JsonNode number(long value) {
    return value == (int) value
        ? JsonNodeFactory.instance.numberNode((int) value)
        : JsonNodeFactory.instance.numberNode(value);
  }
}
