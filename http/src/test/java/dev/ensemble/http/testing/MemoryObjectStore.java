package dev.ensemble.http.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Entities and ledgers without actors and journal: the real rules and views over a map. */
public final class MemoryObjectStore implements ObjectStore {
  private final Map<ResourceName, LedgerView> views = new HashMap<>();
  private final Map<ObjectKey, Entity> entities = new HashMap<>();
  private final List<Provenance> provenances = new ArrayList<>();
  private long revision = 10_000_000_000_000_000L;

  private record Entity(ObjectState state, long sequence) {}

  public MemoryObjectStore(ResourceTypes types) {
    types
        .stored()
        .forEach(
            type -> {
              LedgerView view =
                  new LedgerView(type.name(), new LedgerView.Limits(10_000, 64 << 20));
              view.reset(revision, Map.of());
              views.put(type.name(), view);
            });
  }

  public synchronized List<Provenance> provenances() {
    return List.copyOf(provenances);
  }

  @Override
  public View view(ResourceName resource) {
    View view = views.get(resource);
    if (view == null) {
      throw new IllegalArgumentException("no such type is stored: " + resource);
    }
    return view;
  }

  @Override
  public synchronized CompletionStage<Outcome> submit(
      ObjectKey key, ObjectCommand command, Provenance provenance) {
    provenances.add(provenance);
    LedgerView view = views.get(key.resource());
    Entity entity = entities.getOrDefault(key, new Entity(ObjectDecider.absent(), 0));
    Decision decision =
        new ObjectDecider(key).decide(entity.state(), entity.sequence(), command, provenance.at());
    if (decision instanceof Decision.Rejected rejected) {
      return done(new Outcome.Rejected(rejected.rejection()));
    }
    Optional<StoredVersion> last =
        view.snapshot().get(key.namespace(), key.name()).map(StoredVersion.class::cast);
    List<ObjectEvent> events = ((Decision.Accepted) decision).events();
    if (events.isEmpty()) {
      return done(new Outcome.Unchanged(last.orElseThrow()));
    }
    Outcome outcome = null;
    for (ObjectEvent event : events) {
      ObjectState next = ObjectDecider.evolve(entity.state(), event);
      entity = new Entity(next, entity.sequence() + 1);
      revision++;
      EventId id = new EventId(key.entityId(), entity.sequence());
      Optional<ObjectNode> object = ObjectDecider.objectOf(next);
      if (object.isEmpty()) {
        StoredVersion gone = last.orElseThrow().removedAt(revision, entity.sequence());
        publish(view, new Change(Change.Type.DELETED, gone, last.map(v -> v), id));
        outcome = new Outcome.Removed(gone);
        last = Optional.empty();
      } else {
        StoredVersion version =
            StoredVersion.Draft.of(key, object.get()).at(revision, entity.sequence());
        Change.Type type = last.isEmpty() ? Change.Type.ADDED : Change.Type.MODIFIED;
        publish(view, new Change(type, version, last.map(v -> v), id));
        outcome = new Outcome.Committed(version);
        last = Optional.of(version);
      }
    }
    entities.put(key, entity);
    return done(outcome);
  }

  @Override
  public void tell(ObjectKey key, ResidentMessage message) {}

  private static void publish(LedgerView view, Change change) {
    view.publish(List.of(change), Map.of());
  }

  private static CompletionStage<Outcome> done(Outcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }
}
