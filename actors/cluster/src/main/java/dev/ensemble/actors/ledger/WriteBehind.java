package dev.ensemble.actors.ledger;

import dev.ensemble.actors.view.LedgerView.Tip;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.core.resource.ResourceType.Secrecy;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.ledger.CheckpointRow;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Watermark;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What has changed since the checkpoint was last written. Only the newest state of an entity is
 * written, however often it changed. Owned by the ledger's actor.
 */
final class WriteBehind {
  /**
   * Above this many unwritten index rows the ledger refuses appends rather than grow without bound.
   */
  private static final int INDEX_ROWS_MAX = 100_000;

  /** So many unwritten index rows are written before their time: few entities can change often. */
  private static final int INDEX_ROWS_DUE = INDEX_ROWS_MAX / 10;

  private final LedgerHandle handle;
  private final LedgerStore store;
  private final Sealer sealer;
  private Map<String, Tip> tips = new HashMap<>();
  private List<IndexRow> index = new ArrayList<>();
  private Optional<Watermark> reached = Optional.empty();
  private Optional<Pass> underWay = Optional.empty();
  private Instant oldest = Instant.MAX;
  private Instant oldestUnderWay = Instant.MAX;

  /** What one write takes along. */
  record Pass(Map<String, Tip> tips, List<IndexRow> index, Watermark watermark) {}

  WriteBehind(LedgerHandle handle, LedgerStore store, Sealer sealer) {
    this.handle = handle;
    this.store = store;
    this.sealer = sealer;
  }

  void add(Map<String, Tip> newTips, List<IndexRow> newIndex, Watermark watermark, Instant now) {
    if (!newIndex.isEmpty() && oldest.isAfter(now)) {
      oldest = now;
    }
    tips.putAll(newTips);
    index.addAll(newIndex);
    reached = Optional.of(watermark);
  }

  int size() {
    return tips.size();
  }

  /** For how long the oldest change has not been written. */
  Duration lag(Instant now) {
    Instant since = oldestUnderWay.isBefore(oldest) ? oldestUnderWay : oldest;
    return since.isBefore(now) ? Duration.between(since, now) : Duration.ZERO;
  }

  /** Whether what is there is to be written before its time. */
  boolean isDue(int entitiesMax) {
    return tips.size() >= entitiesMax || index.size() >= INDEX_ROWS_DUE;
  }

  boolean isFull() {
    return index.size() >= INDEX_ROWS_MAX;
  }

  /** Takes what is there for one write; empty when there is nothing or a write is under way. */
  Optional<Pass> begin() {
    if (underWay.isPresent() || reached.isEmpty() || index.isEmpty()) {
      return Optional.empty();
    }
    underWay = Optional.of(new Pass(tips, index, reached.get()));
    tips = new HashMap<>();
    index = new ArrayList<>();
    oldestUnderWay = oldest;
    oldest = Instant.MAX;
    return underWay;
  }

  CompletionStage<Void> write(Pass pass) {
    List<CompletableFuture<CheckpointRow>> rows = new ArrayList<>(pass.tips().size());
    pass.tips().forEach((entity, tip) -> rows.add(row(entity, tip).toCompletableFuture()));
    return CompletableFuture.allOf(rows.toArray(CompletableFuture[]::new))
        .thenCompose(
            done ->
                store.writeBehind(
                    handle.name(),
                    rows.stream().map(CompletableFuture::join).toList(),
                    pass.index(),
                    pass.watermark()));
  }

  private CompletionStage<CheckpointRow> row(String entity, Tip tip) {
    if (tip.live().isEmpty()) {
      CheckpointRow row =
          CheckpointRow.tombstone(
              entity, tip.sequence(), tip.revision(), tip.createdRevision(), tip.hash(), tip.uid());
      return handle.secrecy() == Secrecy.SEALED
          ? sealer.destroyKey(entity, tip.uid()).thenApply(done -> row)
          : CompletableFuture.completedFuture(row);
    }
    StoredVersion live = tip.live().get();
    if (handle.secrecy() == Secrecy.OPEN) {
      return CompletableFuture.completedFuture(row(entity, tip, Form.PLAIN, Bytes.of(live.json())));
    }
    return sealer
        .seal(entity, tip.uid(), Bytes.of(live.json()))
        .thenApply(bytes -> row(entity, tip, Form.SEALED, bytes));
  }

  private static CheckpointRow row(String entity, Tip tip, Form form, Bytes object) {
    return new CheckpointRow(
        entity,
        tip.sequence(),
        tip.revision(),
        tip.createdRevision(),
        tip.hash(),
        tip.uid(),
        form,
        Optional.of(object));
  }

  void succeeded() {
    underWay = Optional.empty();
    oldestUnderWay = Instant.MAX;
  }

  /** Puts what was not written back below what came since. */
  void failed() {
    Pass pass = underWay.orElseThrow();
    underWay = Optional.empty();
    Map<String, Tip> merged = new HashMap<>(pass.tips());
    merged.putAll(tips);
    tips = merged;
    List<IndexRow> all = new ArrayList<>(pass.index());
    all.addAll(index);
    index = all;
    oldest = oldestUnderWay;
    oldestUnderWay = Instant.MAX;
  }
}
