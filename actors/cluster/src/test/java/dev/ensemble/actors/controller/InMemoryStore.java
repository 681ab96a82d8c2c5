package dev.ensemble.actors.controller;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.LedgerView;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.Decision;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.ObjectDecider;
import dev.ensemble.core.entity.ObjectEvent;
import dev.ensemble.core.entity.ObjectState;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.Provenance;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** An object store without journal or cluster: the rules of entities on real views. */
final class InMemoryStore implements ObjectStore {
  private static final class Cell {
    ObjectState state = ObjectDecider.absent();
    long sequence;
    Optional<StoredVersion> stored = Optional.empty();
    Optional<ActorRef<ResidentMessage>> resident = Optional.empty();
  }

  private final Map<ResourceName, LedgerView> views = new HashMap<>();
  private final Map<ObjectKey, Cell> cells = new HashMap<>();
  private final ActorTestKit kit;
  private final Clock clock;
  private Map<ResourceName, Resident> residents = Map.of();
  // Views write revisions of 17 digits.
  private long revision = 10_000_000_000_000_000L;

  /** What it says for a command is its outcome; empty lets the command through. */
  volatile BiFunction<ObjectKey, ObjectCommand, Optional<Outcome>> interceptor =
      (key, command) -> Optional.empty();

  final List<String> log = new ArrayList<>();

  InMemoryStore(ActorTestKit kit, ResourceTypes types, Clock clock) {
    this.kit = kit;
    this.clock = clock;
    for (ResourceType type : types.all()) {
      views.put(
          type.name(), new LedgerView(type.name(), new LedgerView.Limits(10_000, 10_000_000)));
    }
  }

  void use(Map<ResourceName, Resident> table) {
    residents = table;
  }

  @Override
  public View view(ResourceName resource) {
    View view = views.get(resource);
    if (view == null) {
      throw new IllegalArgumentException("no such type: " + resource);
    }
    return view;
  }

  @Override
  public CompletionStage<Outcome> submit(
      ObjectKey key, ObjectCommand command, Provenance provenance) {
    Optional<Outcome> intercepted = interceptor.apply(key, command);
    return CompletableFuture.completedFuture(
        intercepted.orElseGet(() -> decide(key, command, provenance)));
  }

  private synchronized Outcome decide(ObjectKey key, ObjectCommand command, Provenance provenance) {
    Cell cell = cells.computeIfAbsent(key, ignored -> new Cell());
    Decision decision =
        new ObjectDecider(key).decide(cell.state, cell.sequence, command, clock.instant());
    if (decision instanceof Decision.Rejected rejected) {
      return new Outcome.Rejected(rejected.rejection());
    }
    List<ObjectEvent> events = ((Decision.Accepted) decision).events();
    if (events.isEmpty()) {
      return new Outcome.Unchanged(cell.stored.orElseThrow());
    }
    for (ObjectEvent event : events) {
      apply(key, cell, event);
      log.add(provenance.user() + " " + event.getClass().getSimpleName() + " " + key);
    }
    StoredVersion last = cell.stored.orElseThrow();
    return ObjectDecider.objectOf(cell.state).isPresent()
        ? new Outcome.Committed(last)
        : new Outcome.Removed(last);
  }

  private void apply(ObjectKey key, Cell cell, ObjectEvent event) {
    Optional<StoredVersion> before =
        ObjectDecider.objectOf(cell.state).isPresent() ? cell.stored : Optional.empty();
    cell.state = ObjectDecider.evolve(cell.state, event);
    cell.sequence++;
    revision++;
    boolean lives = ObjectDecider.objectOf(cell.state).isPresent();
    StoredVersion version =
        lives
            ? StoredVersion.Draft.of(key, ObjectDecider.objectOf(cell.state).orElseThrow())
                .at(revision, cell.sequence)
            : before.orElseThrow().removedAt(revision, cell.sequence);
    cell.stored = Optional.of(version);
    keepResident(key, cell, lives);
    Change.Type type =
        !lives ? Change.Type.DELETED : before.isEmpty() ? Change.Type.ADDED : Change.Type.MODIFIED;
    EventId id = new EventId(key.entityId(), cell.sequence);
    views
        .get(key.resource())
        .publish(List.of(new Change(type, version, before.map(one -> one), id)), Map.of());
  }

  private void keepResident(ObjectKey key, Cell cell, boolean lives) {
    Resident resident = residents.get(key.resource());
    if (lives && resident != null && cell.resident.isEmpty()) {
      cell.resident = Optional.of(kit.spawn(resident.create(key, this)));
    } else if (!lives && cell.resident.isPresent()) {
      // The resident may be the caller: waiting for its end here would be waiting for ourselves.
      ActorRef<ResidentMessage> stopped = cell.resident.get();
      kit.system().executionContext().execute(() -> kit.stop(stopped));
      cell.resident = Optional.empty();
    }
  }

  @Override
  public synchronized void tell(ObjectKey key, ResidentMessage message) {
    Cell cell = cells.get(key);
    if (cell != null) {
      cell.resident.ifPresent(resident -> resident.tell(message));
    }
  }
}
