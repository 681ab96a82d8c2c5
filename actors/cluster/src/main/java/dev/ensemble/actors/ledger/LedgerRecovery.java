package dev.ensemble.actors.ledger;

import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.LedgerView.Tip;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.actors.view.StoredVersion.Place;
import dev.ensemble.core.entity.ObjectDecider;
import dev.ensemble.core.entity.ObjectEvent;
import dev.ensemble.core.entity.ObjectEventCodec;
import dev.ensemble.core.entity.ObjectState;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.ledger.CheckpointRow;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Tenure;
import dev.ensemble.persistence.ledger.Watermark;
import dev.ensemble.persistence.seal.KeyDestroyedException;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Brings a view up to the end of its ledger: the checkpoint, then the batches after it. A view that
 * already holds a state (the ledger failed and opens again) only takes the batches that it has not
 * seen. Wakes no entity. One run at a time.
 */
final class LedgerRecovery {
  private final LedgerHandle handle;
  private final LedgerStore store;
  private final Sealer sealer;

  // Of the run that succeeded last.
  private final Map<String, Tip> dirty = new HashMap<>();
  private final List<IndexRow> index = new ArrayList<>();
  private Optional<Watermark> seen = Optional.empty();

  /** A recovered ledger. */
  record Result(Tenure tenure, Optional<Batch> lastBatch) {}

  LedgerRecovery(LedgerHandle handle, LedgerStore store, Sealer sealer) {
    this.handle = handle;
    this.store = store;
    this.sealer = sealer;
  }

  CompletionStage<Result> run() {
    return store
        .open(handle.name())
        .thenCompose(
            tenure ->
                base(tenure)
                    .thenComposeAsync(from -> tail(from))
                    .thenApply(done -> new Result(tenure, Optional.empty())));
  }

  /** Hands over what the batches read here changed: the checkpoint has not got it yet. */
  void takeDirty(WriteBehind writeBehind, Instant now) {
    seen.ifPresent(
        watermark -> writeBehind.add(new HashMap<>(dirty), List.copyOf(index), watermark, now));
    dirty.clear();
    index.clear();
  }

  /** The view has all batches up to this one. */
  void reached(Watermark watermark) {
    seen = Optional.of(watermark);
  }

  private CompletionStage<Long> base(Tenure tenure) {
    if (seen.isPresent()) {
      return CompletableFuture.completedFuture(seen.get().batch());
    }
    Map<String, Tip> tips = new HashMap<>();
    List<CheckpointRow> sealed = new ArrayList<>();
    // Plain rows are read where they arrive, while the store fetches the next ones. Opening a
    // sealed one waits for the store, whose threads bring the rows.
    return store
        .readCheckpoint(
            handle.name(),
            row -> {
              if (row.form() == Form.SEALED) {
                sealed.add(row);
              } else {
                tips.put(row.entity(), tip(row));
              }
            })
        .thenApplyAsync(
            done -> {
              sealed.forEach(row -> tips.put(row.entity(), tip(row)));
              handle.view().reset(tenure.watermark().revision(), tips);
              return tenure.watermark().batch();
            });
  }

  private Tip tip(CheckpointRow row) {
    Place place = new Place(row.revision(), row.sequence(), row.createdRevision(), row.lastHash());
    Optional<StoredVersion> live =
        row.object()
            .flatMap(bytes -> open(row.entity(), row.form(), bytes))
            .map(
                json -> StoredVersion.restored(ObjectKey.parse(row.entity()), json.array(), place));
    return new Tip(
        row.sequence(), row.revision(), row.createdRevision(), row.lastHash(), row.uid(), live);
  }

  private CompletionStage<Void> tail(long after) {
    List<Batch> batches = new ArrayList<>();
    // Not replayed where they arrive: opening a sealed event waits for the store, whose threads
    // bring the batches.
    return store
        .readBatches(handle.name(), after, batches::add)
        .thenRunAsync(() -> batches.forEach(this::replay));
  }

  private void replay(Batch batch) {
    List<Change> changes = new ArrayList<>(batch.events().size());
    Map<String, Tip> tips = new HashMap<>();
    for (EventRecord record : batch.events()) {
      Optional<Tip> before =
          Optional.ofNullable(tips.get(record.entity()))
              .or(() -> handle.view().tip(record.entity()));
      index.add(
          new IndexRow(record.entity(), record.sequence(), record.sequence(), batch.number()));
      if (record.sequence() > before.map(Tip::sequence).orElse(0L)) {
        tips.put(record.entity(), replay(record, before, changes));
      }
    }
    handle.view().publish(changes, tips);
    dirty.putAll(tips);
    seen = Optional.of(new Watermark(batch.number(), batch.lastRevision(), batch.chainAfter()));
  }

  private Tip replay(EventRecord record, Optional<Tip> before, List<Change> changes) {
    ObjectKey key = ObjectKey.parse(record.entity());
    Optional<StoredVersion> previous = before.flatMap(Tip::live);
    ObjectState state =
        previous
            .map(version -> ObjectDecider.stateOf(version.entityTree()))
            .orElseGet(ObjectDecider::absent);
    long created =
        previous.isPresent() ? before.map(Tip::createdRevision).orElse(0L) : record.revision();
    Place place = new Place(record.revision(), record.sequence(), created, record.hash());
    Optional<StoredVersion> live =
        event(record)
            .flatMap(event -> ObjectDecider.objectOf(ObjectDecider.evolve(state, event)))
            .map(object -> StoredVersion.Draft.of(key, object).at(place));
    Optional<StoredVersion> subject =
        live.or(
            () -> previous.map(version -> version.removedAt(record.revision(), record.sequence())));
    subject.ifPresent(
        version ->
            changes.add(
                new Change(
                    BatchAssembly.typeOf(live, previous),
                    version,
                    BatchAssembly.asStored(previous),
                    record.id())));
    String uid = live.map(StoredVersion::uid).orElseGet(() -> before.map(Tip::uid).orElse(""));
    return new Tip(record.sequence(), record.revision(), created, record.hash(), uid, live);
  }

  /**
   * Empty when the event is sealed under a key that was destroyed: the object is gone further on.
   */
  private Optional<ObjectEvent> event(EventRecord record) {
    return open(record.entity(), record.form(), record.payload())
        .map(json -> ObjectEventCodec.decode(record.version(), json.array()));
  }

  private Optional<Bytes> open(String entity, Form form, Bytes bytes) {
    if (form == Form.PLAIN) {
      return Optional.of(bytes);
    }
    try {
      return Optional.of(sealer.unseal(entity, bytes).toCompletableFuture().join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof KeyDestroyedException) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
