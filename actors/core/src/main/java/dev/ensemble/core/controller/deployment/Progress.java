package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The Progressing condition: whether a rollout gets on. A rollout that shows no progress for {@code
 * progressDeadlineSeconds} is called off in words only; it goes on trying.
 */
final class Progress {
  static final String TYPE = "Progressing";
  private static final String AVAILABLE = "NewReplicaSetAvailable";
  private static final String TIMED_OUT = "ProgressDeadlineExceeded";
  private static final String PAUSED = "DeploymentPaused";

  private final Conditions conditions;
  private final DeploymentSpec spec;
  private final Instant now;

  Progress(Conditions conditions, DeploymentSpec spec, Instant now) {
    this.conditions = conditions;
    this.spec = spec;
    this.now = now;
  }

  /** Unless it says so already, sets the condition; keeps the transition time of a same status. */
  void say(String status, String reason, String message) {
    put(conditions, TYPE, status, reason, message, now);
  }

  static void put(
      Conditions conditions,
      String type,
      String status,
      String reason,
      String message,
      Instant now) {
    Optional<ObjectNode> before = conditions.find(type);
    boolean sameStatus =
        before.filter(found -> found.path("status").asText().equals(status)).isPresent();
    if (sameStatus && conditions.has(type, reason)) {
      return;
    }
    String since =
        sameStatus
            ? before.orElseThrow().path("lastTransitionTime").asText(Conditions.written(now))
            : Conditions.written(now);
    conditions.put(
        Conditions.condition(type, status, reason, message)
            .put("lastUpdateTime", Conditions.written(now))
            .put("lastTransitionTime", since));
  }

  /** Time does not count against a rollout while it is paused. */
  void pausedOrResumed() {
    if (spec.progressDeadline().isEmpty() || conditions.has(TYPE, TIMED_OUT)) {
      return;
    }
    boolean saysPaused = conditions.has(TYPE, PAUSED);
    if (spec.paused() && !saysPaused) {
      say("Unknown", PAUSED, "Deployment is paused");
    } else if (!spec.paused() && saysPaused) {
      say("Unknown", "DeploymentResumed", "Deployment is resumed");
    }
  }

  void foundNew(String replicaSet) {
    if (spec.progressDeadline().isPresent() && conditions.find(TYPE).isEmpty()) {
      say("True", "FoundNewReplicaSet", "Found new replica set \"" + replicaSet + "\"");
    }
  }

  void createdNew(String replicaSet) {
    if (spec.progressDeadline().isPresent()) {
      say("True", "NewReplicaSetCreated", "Created new replica set \"" + replicaSet + "\"");
    }
  }

  void couldNotCreate(String error) {
    if (spec.progressDeadline().isPresent()) {
      say("False", "ReplicaSetCreateError", error);
    }
  }

  /** Judges a rollout by its status before and after. */
  void judge(ObjectFacts self, Optional<ReplicaSetFacts> newSet, JsonNode before, JsonNode after) {
    if (spec.progressDeadline().isEmpty()) {
      conditions.remove(TYPE);
      return;
    }
    if (count(after, "replicas") == count(after, "updatedReplicas")
        && conditions.has(TYPE, AVAILABLE)) {
      return;
    }
    String who =
        newSet
            .map(set -> "ReplicaSet \"" + set.meta().name() + "\"")
            .orElse("Deployment \"" + self.name() + "\"");
    if (complete(after)) {
      say("True", AVAILABLE, who + " has successfully progressed.");
    } else if (advanced(before, after)) {
      // The time of the last step is what the deadline counts from.
      Optional<ObjectNode> current = conditions.find(TYPE);
      String since =
          current
              .filter(found -> found.path("status").asText().equals("True"))
              .map(found -> found.path("lastTransitionTime").asText(Conditions.written(now)))
              .orElse(Conditions.written(now));
      conditions.put(
          Conditions.condition(TYPE, "True", "ReplicaSetUpdated", who + " is progressing.")
              .put("lastUpdateTime", Conditions.written(now))
              .put("lastTransitionTime", since));
    } else if (timedOut()) {
      say("False", TIMED_OUT, who + " has timed out progressing.");
    }
  }

  boolean complete(JsonNode status) {
    return count(status, "updatedReplicas") == spec.replicas()
        && count(status, "replicas") == spec.replicas()
        && count(status, "availableReplicas") == spec.replicas();
  }

  private static boolean advanced(JsonNode before, JsonNode after) {
    return count(after, "updatedReplicas") > count(before, "updatedReplicas")
        || oldReplicas(after) < oldReplicas(before)
        || count(after, "readyReplicas") > count(before, "readyReplicas")
        || count(after, "availableReplicas") > count(before, "availableReplicas");
  }

  private static int oldReplicas(JsonNode status) {
    return count(status, "replicas") - count(status, "updatedReplicas");
  }

  private static int count(JsonNode status, String field) {
    return status.path(field).asInt();
  }

  private boolean timedOut() {
    if (conditions.find(TYPE).isEmpty() || conditions.has(TYPE, AVAILABLE)) {
      return false;
    }
    return conditions.has(TYPE, TIMED_OUT)
        || deadline().filter(deadline -> deadline.isBefore(now)).isPresent();
  }

  private Optional<Instant> deadline() {
    return conditions
        .find(TYPE)
        .flatMap(found -> ObjectFacts.time(found.path("lastUpdateTime")))
        .flatMap(updated -> spec.progressDeadline().map(updated::plus));
  }

  /** When the deadline of an unfinished rollout will have passed. */
  Optional<Duration> again(JsonNode status) {
    if (complete(status)
        || spec.paused()
        || conditions.has(TYPE, TIMED_OUT)
        || conditions.has(TYPE, AVAILABLE)) {
      return Optional.empty();
    }
    // One second more: times are written in whole seconds.
    return deadline()
        .map(deadline -> Duration.between(now, deadline).plusSeconds(1))
        .map(left -> left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left);
  }
}
