package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Announcement;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.namespace.NamespaceReconciler;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.json.MergePatch;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Carries out the actions of one plan as commands. Neighbours of one type run together, creations
 * in growing batches (1, 2, 4, …) so that what cannot be made is tried once and not 500 times.
 */
final class PlanRun {
  /** Tries for a generated name that nobody has. */
  private static final int NAMES_MAX = 8;

  private final ObjectStore store;
  private final ControllerParts parts;
  private final String controller;
  private final Optional<EventId> cause;

  PlanRun(ObjectStore store, ControllerParts parts, String controller, Optional<EventId> cause) {
    this.store = store;
    this.parts = parts;
    this.controller = controller;
    this.cause = cause;
  }

  /** Completes with the first failure, or done; never fails. */
  CompletionStage<ActionOutcome> run(List<Action> actions) {
    return run(actions, 0, 1);
  }

  private CompletionStage<ActionOutcome> run(List<Action> actions, int from, int slowStart) {
    if (from >= actions.size()) {
      return CompletableFuture.completedFuture(ActionOutcome.DONE);
    }
    boolean creations = actions.get(from) instanceof Action.Create;
    int limit = creations ? slowStart : parts.settings().commandsMax();
    int until = from + 1;
    while (until < actions.size()
        && until - from < limit
        && actions.get(until).getClass() == actions.get(from).getClass()) {
      until++;
    }
    int next = until;
    int nextBatch = creations ? Math.min(slowStart * 2, parts.settings().commandsMax()) : slowStart;
    return all(actions.subList(from, until))
        .thenCompose(
            outcome ->
                outcome instanceof ActionOutcome.Failed
                    ? CompletableFuture.completedFuture(outcome)
                    : run(actions, next, nextBatch));
  }

  private CompletionStage<ActionOutcome> all(List<Action> batch) {
    List<CompletableFuture<ActionOutcome>> running = new ArrayList<>();
    for (Action action : batch) {
      running.add(safely(action).toCompletableFuture());
    }
    return CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            ignored ->
                running.stream()
                    .map(CompletableFuture::join)
                    .filter(ActionOutcome.Failed.class::isInstance)
                    .findFirst()
                    .orElse(ActionOutcome.DONE));
  }

  private CompletionStage<ActionOutcome> safely(Action action) {
    CompletionStage<ActionOutcome> started;
    try {
      started = start(action);
    } catch (RuntimeException e) {
      started = CompletableFuture.failedFuture(e);
    }
    return started.exceptionally(failure -> failed(action, Failures.words(failure)));
  }

  private CompletionStage<ActionOutcome> start(Action action) {
    if (action instanceof Action.Create create) {
      return create(create, NAMES_MAX);
    }
    if (action instanceof Action.Edit edit) {
      return edit(edit);
    }
    if (action instanceof Action.Announce announce) {
      parts.announcer().announce(announce.note(), cause);
      return CompletableFuture.completedFuture(ActionOutcome.DONE);
    }
    Submission submission = submission(action);
    return store
        .submit(submission.key(), submission.command(), provenance())
        .thenApply(outcome -> judge(action, submission.key(), outcome));
  }

  private record Submission(ObjectKey key, ObjectCommand command) {}

  private static Submission submission(Action action) {
    if (action instanceof Action.Amend amend) {
      return new Submission(
          amend.key(), new ObjectCommand.Amend(Optional.of(amend.uid()), amend.patch()));
    }
    if (action instanceof Action.ReportStatus report) {
      return new Submission(
          report.key(), new ObjectCommand.ReportStatus(Optional.of(report.uid()), report.status()));
    }
    if (action instanceof Action.Scale scale) {
      return new Submission(
          scale.key(), new ObjectCommand.Scale(Optional.of(scale.uid()), scale.replicas()));
    }
    if (action instanceof Action.Delete delete) {
      return new Submission(
          delete.key(),
          new ObjectCommand.Delete(
              Optional.of(delete.uid()),
              OptionalLong.empty(),
              delete.graceSeconds(),
              delete.propagation()));
    }
    throw new IllegalStateException("no command for " + action);
  }

  private Provenance provenance() {
    return Provenance.internal("system:controller:" + controller, parts.clock().instant(), cause);
  }

  private CompletionStage<ActionOutcome> create(Action.Create create, int namesLeft) {
    ObjectNode object = create.object().deepCopy();
    ObjectNode metadata = object.withObject("/metadata");
    boolean generated = !metadata.hasNonNull("name");
    if (generated) {
      metadata.put("name", GeneratedName.of(metadata.path("generateName").asText()));
    }
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", Conditions.written(parts.clock().instant()));
    ObjectKey key =
        new ObjectKey(
            create.resource(), metadata.path("namespace").asText(), metadata.path("name").asText());
    Provenance provenance = provenance();
    return parts
        .preparation()
        .prepare(key, object, provenance)
        .thenCompose(
            prepared ->
                prepared instanceof Preparation.Ready ready
                    ? store.submit(key, new ObjectCommand.Create(ready.object()), provenance)
                    : CompletableFuture.completedFuture(
                        new Outcome.Rejected(((Preparation.Refused) prepared).rejection())))
        .thenCompose(
            outcome -> {
              boolean taken =
                  outcome instanceof Outcome.Rejected rejected
                      && rejected.rejection() instanceof Rejection.AlreadyExists;
              return taken && generated && namesLeft > 1
                  ? create(create, namesLeft - 1)
                  : CompletableFuture.completedFuture(judge(create, key, outcome));
            });
  }

  private CompletionStage<ActionOutcome> edit(Action.Edit edit) {
    Optional<StoredObject> present =
        store.view(edit.key().resource()).snapshot().get(edit.key().namespace(), edit.key().name());
    if (present.isEmpty() || !present.get().uid().equals(edit.uid())) {
      return CompletableFuture.completedFuture(ActionOutcome.DONE);
    }
    if (present.get().revision() != edit.revision()) {
      return CompletableFuture.completedFuture(
          failed(edit, edit.key() + " has changed since the view was taken"));
    }
    ObjectNode merged = MergePatch.apply(present.get().tree(), edit.patch());
    merged.withObject("/metadata").remove("resourceVersion");
    return store
        .submit(
            edit.key(), new ObjectCommand.Replace(merged, present.get().sequence()), provenance())
        .thenApply(outcome -> judge(edit, edit.key(), outcome));
  }

  private ActionOutcome judge(Action action, ObjectKey key, Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      // What is gone needs no deletion and takes no change; the next pass sees that.
      boolean gone =
          rejected.rejection() instanceof Rejection.NotFound && !(action instanceof Action.Create);
      return gone ? ActionOutcome.DONE : refused(action, key, rejected.rejection());
    }
    announcement(action)
        .ifPresent(
            told -> parts.announcer().announce(told.success().filled(key.name(), ""), cause));
    return ActionOutcome.DONE;
  }

  private ActionOutcome refused(Action action, ObjectKey key, Rejection rejection) {
    String words = Failures.words(key, rejection);
    // In a namespace that is going nothing can be made, and nobody needs to hear of it.
    return namespaceIsGoing(key)
        ? new ActionOutcome.Failed(attempt(action), words)
        : failed(action, words);
  }

  private boolean namespaceIsGoing(ObjectKey key) {
    return !key.namespace().isEmpty()
        && store
            .view(NamespaceReconciler.NAMESPACES)
            .snapshot()
            .get("", key.namespace())
            .filter(found -> found.tree().path("metadata").has("deletionTimestamp"))
            .isPresent();
  }

  private ActionOutcome failed(Action action, String words) {
    announcement(action)
        .ifPresent(told -> parts.announcer().announce(told.failure().filled("", words), cause));
    return new ActionOutcome.Failed(attempt(action), words);
  }

  private static Optional<Announcement> announcement(Action action) {
    if (action instanceof Action.Create create) {
      return create.announcement();
    }
    if (action instanceof Action.Delete delete) {
      return delete.announcement();
    }
    return action instanceof Action.Scale scale ? scale.announcement() : Optional.empty();
  }

  private static Setback.Attempt attempt(Action action) {
    if (action instanceof Action.Create) {
      return Setback.Attempt.CREATE;
    }
    return action instanceof Action.Delete ? Setback.Attempt.DELETE : Setback.Attempt.OTHER;
  }
}
