package dev.ensemble.actors.controller;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.garbage.GarbageReconciler;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.EventId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Looks at objects whose owners or dependents have changed, some at a time, and deletes or frees
 * what follows from it. An object that waits is looked at once, however often it was named.
 */
final class GarbageCollector extends AbstractBehavior<GarbageCollector.Command> {
  /** Messages of the collector. */
  sealed interface Command {}

  /** A change that may make garbage. */
  record Seen(Change change) implements Command {}

  /** An object that may be garbage. */
  record Suspect(ObjectKey key, EventId cause) implements Command {}

  private record Looked(ObjectKey key, EventId cause, ActionOutcome outcome, boolean acted)
      implements Command {}

  /** So many objects are looked at and dealt with at the same time. */
  private static final int LOOKS_MAX = 20;

  private final ObjectStore store;
  private final ControllerParts parts;
  private final TimerScheduler<Command> timers;
  private final GarbageViews views;
  private final Map<ObjectKey, EventId> waiting = new LinkedHashMap<>();
  private final Map<ObjectKey, Integer> failures = new HashMap<>();
  private int looking;

  private GarbageCollector(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ObjectStore store,
      ControllerParts parts) {
    super(context);
    this.timers = timers;
    this.store = store;
    this.parts = parts;
    views = new GarbageViews(store, parts);
  }

  static Behavior<Command> create(ObjectStore store, ControllerParts parts) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new GarbageCollector(context, timers, store, parts)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Seen.class, this::onSeen)
        .onMessage(Suspect.class, this::onSuspect)
        .onMessage(Looked.class, this::onLooked)
        .build();
  }

  private Behavior<Command> onSeen(Seen seen) {
    Change change = seen.change();
    StoredObject object = change.object();
    if (change.type() == Change.Type.DELETED) {
      views.dependentsOf(object.uid()).forEach(key -> suspect(key, change.event()));
      views.waitingOwners(object).forEach(key -> suspect(key, change.event()));
    } else if (views.mayMatter(change)) {
      suspect(object.key(), change.event());
      ObjectFacts facts = parts.facts().meta(object);
      if (facts.deleting().isPresent() && !facts.finalizers().isEmpty()) {
        views.dependentsOf(object.uid()).forEach(key -> suspect(key, change.event()));
      }
      change
          .previous()
          .map(old -> parts.facts().meta(old))
          .filter(old -> !old.owners().equals(facts.owners()))
          .ifPresent(old -> views.waitingOwners(old).forEach(key -> suspect(key, change.event())));
    }
    lookAtSome();
    return this;
  }

  private Behavior<Command> onSuspect(Suspect suspect) {
    suspect(suspect.key(), suspect.cause());
    lookAtSome();
    return this;
  }

  private void suspect(ObjectKey key, EventId cause) {
    waiting.putIfAbsent(key, cause);
  }

  private void lookAtSome() {
    while (looking < LOOKS_MAX && !waiting.isEmpty()) {
      Map.Entry<ObjectKey, EventId> next = waiting.entrySet().iterator().next();
      waiting.remove(next.getKey());
      look(next.getKey(), next.getValue());
    }
  }

  private void look(ObjectKey key, EventId cause) {
    Optional<StoredObject> stored =
        store.view(key.resource()).snapshot().get(key.namespace(), key.name());
    Optional<ObjectFacts> object =
        stored
            .filter(GarbageViews::mayBeConcerned)
            .map(found -> parts.facts().meta(found))
            .filter(GarbageViews::concerned);
    if (object.isEmpty()) {
      failures.remove(key);
      return;
    }
    looking++;
    CompletionStage<Looked> looked =
        views
            .of(object.get())
            .thenCompose(
                view -> {
                  var actions = GarbageReconciler.reconcile(view).actions();
                  return new PlanRun(store, parts, GarbageReconciler.COMPONENT, Optional.of(cause))
                      .run(actions)
                      .thenApply(outcome -> new Looked(key, cause, outcome, !actions.isEmpty()));
                });
    getContext()
        .pipeToSelf(
            looked,
            (result, failure) ->
                failure == null
                    ? result
                    : new Looked(
                        key,
                        cause,
                        new ActionOutcome.Failed(Setback.Attempt.OTHER, Failures.words(failure)),
                        false));
  }

  private Behavior<Command> onLooked(Looked looked) {
    looking--;
    if (looked.outcome() instanceof ActionOutcome.Failed failed) {
      int count = failures.merge(looked.key(), 1, Integer::sum);
      getContext().getLog().debug("{}: {}", looked.key(), failed.message());
      timers.startSingleTimer(
          looked.key(), new Suspect(looked.key(), looked.cause()), parts.settings().backoff(count));
    } else {
      failures.remove(looked.key());
      if (looked.acted()) {
        suspect(looked.key(), looked.cause());
      }
    }
    lookAtSome();
    return this;
  }
}
