package dev.ensemble.actors.ledger;

import static dev.ensemble.actors.ledger.PastReads.await;

import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.actors.store.StoreUnavailableException.Category;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.actors.view.StoredVersion.Place;
import dev.ensemble.core.entity.ObjectDecider;
import dev.ensemble.core.entity.ObjectEvent;
import dev.ensemble.core.entity.ObjectEventCodec;
import dev.ensemble.core.entity.ObjectState;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.ledger.CheckpointRow;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.seal.KeyDestroyedException;
import dev.ensemble.persistence.seal.Sealer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What names of one ledger were after any of their events: the newest image before it, and the
 * events from there on. Made for one read, whose batches it holds for a while; blocks.
 */
final class EntityPast {
  /** Entities that were written together are often read together. */
  private static final int BATCHES_HELD = 4;

  /** Only a journal from before there were images comes near this. */
  private static final int EVENTS_MAX = 4_096;

  private static final int INDEX_RANGE = 256;

  private final String ledger;
  private final LedgerStore store;
  private final Sealer sealer;
  private final PastReads reads;
  private final Map<Long, Batch> batches =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Batch> eldest) {
          return size() > BATCHES_HELD;
        }
      };

  EntityPast(String ledger, LedgerParts parts, PastReads reads) {
    this.ledger = ledger;
    this.store = parts.store();
    this.sealer = parts.sealer();
    this.reads = reads;
  }

  /** What the name was after its event {@code sequence}, 0 for before the first. */
  PastState after(String entity, long sequence) {
    if (sequence == 0) {
      return PastState.ABSENT;
    }
    EventId id = new EventId(entity, sequence);
    Optional<PastState> cached = reads.cached(id);
    if (cached.isPresent()) {
      return cached.get();
    }
    Optional<CheckpointRow> image = await(store.readImage(ledger, entity, sequence));
    PastState state = image.map(this::stateOf).orElse(PastState.ABSENT);
    long from = image.map(CheckpointRow::sequence).orElse(0L) + 1;
    if (from <= sequence) {
      for (EventRecord event : eventsBack(entity, from, sequence)) {
        state = fold(state, event);
      }
    }
    reads.keep(id, state);
    return state;
  }

  /** What the name was after this event. */
  PastState after(PastState before, EventRecord event) {
    PastState state = fold(before, event);
    reads.keep(event.id(), state);
    return state;
  }

  /**
   * The number of the last event of an entity up to a revision; 0 when it had none.
   *
   * @param batch the first batch with a revision above that one
   * @param last the number of an event after that revision
   */
  long sequenceAt(String entity, long revision, long batch, long last) {
    long before = 0;
    long after = last;
    while (after - before > INDEX_RANGE) {
      long middle = (before + after) >>> 1;
      List<IndexRow> run = await(store.entityIndex(ledger, entity, middle, middle));
      // What is not in the index yet is newer than all that is.
      if (!run.isEmpty() && run.get(0).batch() < batch) {
        before = middle;
      } else {
        after = middle;
      }
    }
    for (IndexRow run : await(store.entityIndex(ledger, entity, before + 1, after))) {
      if (run.batch() < batch) {
        before = Math.max(before, run.lastSequence());
      } else if (run.batch() == batch) {
        for (EventRecord event : batch(batch).events()) {
          if (event.entity().equals(entity) && event.revision() <= revision) {
            before = Math.max(before, event.sequence());
          }
        }
      }
    }
    return before;
  }

  Batch batch(long number) {
    Batch held = batches.get(number);
    if (held == null) {
      held =
          await(store.readBatch(ledger, number))
              .orElseThrow(
                  () ->
                      new IllegalStateException("batch " + number + " of " + ledger + " is gone"));
      batches.put(number, held);
    }
    return held;
  }

  /** In order; begins later than asked where an object was created on the way. */
  private Deque<EventRecord> eventsBack(String entity, long from, long to) {
    List<IndexRow> runs = await(store.entityIndex(ledger, entity, from, to));
    Deque<EventRecord> events = new ArrayDeque<>();
    long wanted = to;
    for (int i = runs.size() - 1; i >= 0 && wanted >= from; i--) {
      List<EventRecord> batch = batch(runs.get(i).batch()).events();
      for (int j = batch.size() - 1; j >= 0 && wanted >= from; j--) {
        EventRecord event = batch.get(j);
        if (event.sequence() == wanted && event.entity().equals(entity)) {
          events.addFirst(event);
          wanted = EventNames.isCreation(event) ? from - 1 : wanted - 1;
        }
      }
      if (events.size() > EVENTS_MAX) {
        throw new RevisionExpiredException(
            "too old resource version: no image of " + entity + " near event " + to);
      }
    }
    if (wanted >= from) {
      throw new StoreUnavailableException(
          Category.UNAVAILABLE,
          "the index of " + entity + " does not reach event " + wanted + " yet");
    }
    return events;
  }

  private PastState fold(PastState before, EventRecord event) {
    if (EventNames.isRemoval(event)) {
      return PastState.ABSENT;
    }
    boolean creation = EventNames.isCreation(event);
    long created = creation ? event.revision() : before.createdRevision();
    if (before.isLost() && !creation) {
      return before;
    }
    Optional<Bytes> payload = open(event.entity(), event.form(), event.payload());
    if (payload.isEmpty()) {
      return PastState.lost(created);
    }
    ObjectEvent fact = ObjectEventCodec.decode(event.version(), payload.get().array());
    // What was before a creation is left out when events are read backwards.
    ObjectState state =
        (creation ? Optional.<StoredVersion>empty() : before.live())
            .map(version -> ObjectDecider.stateOf(version.entityTree()))
            .orElseGet(ObjectDecider::absent);
    return new PastState(
        ObjectDecider.objectOf(ObjectDecider.evolve(state, fact))
            .map(
                object ->
                    StoredVersion.Draft.of(ObjectKey.parse(event.entity()), object)
                        .at(new Place(event.revision(), event.sequence(), created, event.hash()))),
        created);
  }

  private PastState stateOf(CheckpointRow image) {
    if (image.object().isEmpty()) {
      return PastState.ABSENT;
    }
    return open(image.entity(), image.form(), image.object().get())
        .map(
            json ->
                new PastState(
                    Optional.of(
                        StoredVersion.restored(
                            ObjectKey.parse(image.entity()),
                            json.array(),
                            new Place(
                                image.revision(),
                                image.sequence(),
                                image.createdRevision(),
                                image.lastHash()))),
                    image.createdRevision()))
        .orElseGet(() -> PastState.lost(image.createdRevision()));
  }

  private Optional<Bytes> open(String entity, Form form, Bytes bytes) {
    if (form == Form.PLAIN) {
      return Optional.of(bytes);
    }
    try {
      return Optional.of(await(sealer.unseal(entity, bytes)));
    } catch (KeyDestroyedException e) {
      return Optional.empty();
    }
  }
}
