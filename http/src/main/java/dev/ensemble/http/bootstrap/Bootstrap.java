package dev.ensemble.http.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.defaults.Defaults;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.strategy.Strategies;
import dev.ensemble.core.strategy.SystemMetadata;
import dev.ensemble.http.status.Failures;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what is missing at start, and for each namespace when it appears. */
public final class Bootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
  private static final ResourceName NAMESPACES = ResourceName.parse("namespaces");
  private static final List<String> FIRST_NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /** After this many failures in a row the next change of namespaces tries again. */
  private static final int ATTEMPTS_MAX = 30;

  private final ObjectStore store;
  private final StandardObjects objects;
  private final Supplier<Instant> clock;
  private final Executor executor;

  public Bootstrap(
      ObjectStore store, StandardObjects objects, Supplier<Instant> clock, Executor executor) {
    this.store = store;
    this.objects = objects;
    this.clock = clock;
    this.executor = executor;
  }

  /** The stage completes when the first namespaces and the API server's Service are there. */
  public CompletionStage<Void> start() {
    follow(store.view(NAMESPACES).snapshot().revision());
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (String namespace : FIRST_NAMESPACES) {
      done = done.thenCompose(ready -> ensure(objects.namespace(namespace)));
    }
    for (StandardObjects.Standard object : objects.ofApiServer()) {
      done = done.thenCompose(ready -> ensure(object));
    }
    for (StoredObject namespace : store.view(NAMESPACES).snapshot().all()) {
      done = done.thenCompose(ready -> furnish(namespace.key().name(), Optional.empty()));
    }
    return done;
  }

  private void follow(long revision) {
    View view = store.view(NAMESPACES);
    View.Listener listener =
        new View.Listener() {
          @Override
          public void onChange(Change change) {
            if (change.type() == Change.Type.ADDED) {
              executor.execute(
                  () -> {
                    CompletionStage<Void> furnished =
                        furnish(change.object().key().name(), Optional.of(change.event()));
                    furnished.whenComplete((done, failure) -> report(failure));
                  });
            }
          }

          @Override
          public void onEnd() {
            CompletableFuture.delayedExecutor(
                    RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(() -> follow(view.snapshot().revision()));
          }
        };
    try {
      view.subscribe(revision, listener);
    } catch (RevisionExpiredException e) {
      view.subscribe(view.snapshot().revision(), listener);
    }
  }

  private static void report(Throwable failure) {
    if (failure != null) {
      LOG.warn("a namespace lacks its standard objects", failure);
    }
  }

  private CompletionStage<Void> furnish(String namespace, Optional<EventId> cause) {
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (StandardObjects.Standard object : objects.ofNamespace(namespace)) {
      done = done.thenCompose(ready -> ensure(object, cause, ATTEMPTS_MAX));
    }
    return done;
  }

  private CompletionStage<Void> ensure(StandardObjects.Standard wanted) {
    return ensure(wanted, Optional.empty(), ATTEMPTS_MAX);
  }

  private CompletionStage<Void> ensure(
      StandardObjects.Standard wanted, Optional<EventId> cause, int attempts) {
    ObjectKey key = wanted.key();
    Optional<ObjectCommand> command =
        store
            .view(key.resource())
            .snapshot()
            .get(key.namespace(), key.name())
            .map(stored -> amendment(wanted, stored))
            .orElseGet(() -> Optional.of(creation(wanted)));
    if (command.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Provenance provenance = Provenance.internal("system:apiserver", clock.get(), cause);
    return store
        .submit(key, command.get(), provenance)
        .handle((outcome, failure) -> judge(wanted, cause, attempts, failure))
        .thenCompose(stage -> stage);
  }

  private ObjectCommand creation(StandardObjects.Standard wanted) {
    ObjectNode object = complete(wanted);
    Strategies.of(wanted.key().resource()).prepareForCreate(object);
    SystemMetadata.birth(object, UUID.randomUUID().toString(), clock.get());
    return new ObjectCommand.Create(object);
  }

  /** Brings the followed fields up to date: the server's address may be another than last time. */
  private static Optional<ObjectCommand> amendment(
      StandardObjects.Standard wanted, StoredObject stored) {
    ObjectNode object = complete(wanted);
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (List<String> path : wanted.followed()) {
      String pointer = "/" + String.join("/", path);
      JsonNode value = object.at(pointer);
      if (!value.equals(stored.tree().at(pointer))) {
        ObjectNode parent = patch;
        for (String field : path.subList(0, path.size() - 1)) {
          parent = parent.withObject("/" + field);
        }
        parent.set(
            path.get(path.size() - 1), value.isMissingNode() ? NullNode.getInstance() : value);
      }
    }
    return patch.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObjectCommand.Amend(Optional.of(stored.uid()), patch));
  }

  private static ObjectNode complete(StandardObjects.Standard wanted) {
    ObjectNode object = wanted.object().deepCopy();
    Defaults.of(wanted.key().resource()).apply(object);
    return object;
  }

  private CompletionStage<Void> judge(
      StandardObjects.Standard wanted, Optional<EventId> cause, int attempts, Throwable failure) {
    if (failure == null) {
      // A rejection says that somebody else made it, or that its namespace is going.
      return CompletableFuture.completedFuture(null);
    }
    if (attempts <= 1 || Failures.of(failure).isEmpty()) {
      return CompletableFuture.failedFuture(failure);
    }
    return CompletableFuture.runAsync(
            () -> {},
            CompletableFuture.delayedExecutor(
                RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS, executor))
        .thenCompose(later -> ensure(wanted, cause, attempts - 1));
  }
}
