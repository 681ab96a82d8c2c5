package dev.ensemble.actors.scheduler;

import akka.actor.typed.javadsl.ActorContext;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.persistence.format.Provenance;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Ends pods to make room: marks each with the condition DisruptionTarget and asks for its deletion
 * with its own grace. One that cannot be written now is tried again when the pod that wants the
 * room is: it is still in the way then.
 */
final class Evictions {
  private final ActorContext<Scheduler.Message> context;
  private final ObjectStore store;
  private final Clock clock;
  private final String scheduler;
  private final Set<String> underWay = new HashSet<>();

  Evictions(
      ActorContext<Scheduler.Message> context, ObjectStore store, Clock clock, String scheduler) {
    this.context = context;
    this.store = store;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  /**
   * @param by the pod that wants the room
   */
  void evict(WaitingPod by, PodRequest victim) {
    if (victim.terminating() || !underWay.add(victim.uid())) {
      return;
    }
    ObjectKey key = Scheduler.key(victim);
    Instant now = clock.instant();
    Provenance provenance =
        Provenance.internal("system:kube-scheduler", now, Optional.of(by.cause()));
    context.pipeToSelf(
        store
            .submit(
                key,
                new ObjectCommand.Amend(Optional.of(victim.uid()), marked(key, now)),
                provenance)
            .handle((marked, failure) -> marked)
            .thenCompose(marked -> delete(key, victim, provenance)),
        (outcome, failure) -> new Scheduler.Evicted(victim.uid()));
  }

  void done(String uid) {
    underWay.remove(uid);
  }

  private CompletionStage<Outcome> delete(ObjectKey key, PodRequest victim, Provenance provenance) {
    return store.submit(
        key,
        new ObjectCommand.Delete(
            Optional.of(victim.uid()),
            OptionalLong.empty(),
            OptionalLong.empty(),
            ObjectCommand.Propagation.DEFAULT),
        provenance);
  }

  private ObjectNode marked(ObjectKey key, Instant now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ArrayNode conditions = patch.withObjectProperty("status").withArrayProperty("conditions");
    store
        .view(key.resource())
        .snapshot()
        .get(key.namespace(), key.name())
        .ifPresent(
            pod ->
                pod.tree()
                    .path("status")
                    .path("conditions")
                    .forEach(
                        condition -> {
                          if (!condition.path("type").asText().equals("DisruptionTarget")) {
                            conditions.add(condition);
                          }
                        }));
    conditions
        .addObject()
        .put("type", "DisruptionTarget")
        .put("status", "True")
        .put("reason", "PreemptionByScheduler")
        .put("message", scheduler + ": preempting to accommodate a higher priority pod")
        .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    return patch;
  }
}
