package dev.ensemble.persistence.ledger.memory;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.CheckpointRow;
import dev.ensemble.persistence.ledger.FencedLedgerStore;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Tenure;
import dev.ensemble.persistence.ledger.Watermark;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A ledger store in memory. Everything completes on the caller's thread unless {@link AppendFaults}
 * say otherwise. Two stores over the same {@link InMemoryTables} are two processes.
 */
public final class InMemoryLedgerStore implements LedgerStore {
  private final InMemoryTables tables;
  private final FencedLedgerStore store;

  public InMemoryLedgerStore() {
    this(new InMemoryTables());
  }

  public InMemoryLedgerStore(InMemoryTables tables) {
    this.tables = tables;
    this.store = new FencedLedgerStore(tables);
  }

  public InMemoryTables tables() {
    return tables;
  }

  @Override
  public CompletionStage<Tenure> open(String ledger) {
    return store.open(ledger);
  }

  @Override
  public CompletionStage<Void> append(Batch batch) {
    return store.append(batch);
  }

  @Override
  public CompletionStage<Void> readCheckpoint(String ledger, Consumer<CheckpointRow> rows) {
    return store.readCheckpoint(ledger, rows);
  }

  @Override
  public CompletionStage<Void> readBatches(
      String ledger, long afterBatch, Consumer<Batch> batches) {
    return store.readBatches(ledger, afterBatch, batches);
  }

  @Override
  public CompletionStage<Optional<Batch>> readBatch(String ledger, long number) {
    return store.readBatch(ledger, number);
  }

  @Override
  public CompletionStage<List<Batch>> readPage(String ledger, long number, int batchesMax) {
    return store.readPage(ledger, number, batchesMax);
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readImage(
      String ledger, String entity, long sequence) {
    return store.readImage(ledger, entity, sequence);
  }

  @Override
  public CompletionStage<Void> writeBehind(
      String ledger, List<CheckpointRow> rows, List<IndexRow> index, Watermark watermark) {
    return store.writeBehind(ledger, rows, index, watermark);
  }

  @Override
  public CompletionStage<Watermark> readWatermark(String ledger) {
    return store.readWatermark(ledger);
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readCheckpointRow(String ledger, String entity) {
    return store.readCheckpointRow(ledger, entity);
  }

  @Override
  public CompletionStage<List<IndexRow>> entityIndex(
      String ledger, String entity, long fromSequence, long toSequence) {
    return store.entityIndex(ledger, entity, fromSequence, toSequence);
  }

  @Override
  public void close() {
    store.close();
  }
}
