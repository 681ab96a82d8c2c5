package dev.ensemble.persistence.ledger.cassandra;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.CheckpointRow;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.LedgerTables;
import dev.ensemble.persistence.ledger.Watermark;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The tables as a whole; each part is in a class of its own. */
final class CassandraTables implements LedgerTables {
  private final EpochTable epochs;
  private final BatchTable batches;
  private final CheckpointTables checkpoints;

  CassandraTables(EpochTable epochs, BatchTable batches, CheckpointTables checkpoints) {
    this.epochs = epochs;
    this.batches = batches;
    this.checkpoints = checkpoints;
  }

  @Override
  public CompletionStage<Epochs> readEpochs(String ledger) {
    return epochs.readEpochs(ledger);
  }

  @Override
  public CompletionStage<Epochs> readEpochsSerial(String ledger) {
    return epochs.readEpochsSerial(ledger);
  }

  @Override
  public CompletionStage<Long> currentEpoch(String ledger) {
    return epochs.currentEpoch(ledger);
  }

  @Override
  public CompletionStage<Boolean> claim(
      String ledger, long held, long next, Optional<String> mark) {
    return epochs.claim(ledger, held, next, mark);
  }

  @Override
  public CompletionStage<Boolean> seal(String ledger, Seal seal) {
    return epochs.seal(ledger, seal);
  }

  @Override
  public CompletionStage<Void> insert(Batch batch) {
    return batches.insert(batch);
  }

  @Override
  public CompletionStage<List<Batch>> readPage(String ledger, long epoch, long from, int limit) {
    return batches.readPage(ledger, epoch, from, limit);
  }

  @Override
  public CompletionStage<Optional<Long>> lastNumber(String ledger, long epoch, long bucket) {
    return batches.lastNumber(ledger, epoch, bucket);
  }

  @Override
  public CompletionStage<Void> readRows(String ledger, int slot, Consumer<CheckpointRow> rows) {
    return checkpoints.readRows(ledger, slot, rows);
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readRow(String ledger, int slot, String entity) {
    return checkpoints.readRow(ledger, slot, entity);
  }

  @Override
  public CompletionStage<Void> writeRows(String ledger, int slot, List<CheckpointRow> rows) {
    return checkpoints.writeRows(ledger, slot, rows);
  }

  @Override
  public CompletionStage<Void> writeImages(String ledger, int slot, List<CheckpointRow> images) {
    return checkpoints.writeImages(ledger, slot, images);
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readImage(
      String ledger, int slot, String entity, long sequence) {
    return checkpoints.readImage(ledger, slot, entity, sequence);
  }

  @Override
  public CompletionStage<Void> writeIndex(String ledger, int slot, List<IndexRow> rows) {
    return checkpoints.writeIndex(ledger, slot, rows);
  }

  @Override
  public CompletionStage<List<IndexRow>> readIndex(
      String ledger, int slot, String entity, long fromSequence, long toSequence) {
    return checkpoints.readIndex(ledger, slot, entity, fromSequence, toSequence);
  }

  @Override
  public CompletionStage<Optional<Watermark>> readWatermark(String ledger) {
    return checkpoints.readWatermark(ledger);
  }

  @Override
  public CompletionStage<Void> writeWatermark(String ledger, Watermark watermark) {
    return checkpoints.writeWatermark(ledger, watermark);
  }

  /** The connection is not ours. */
  @Override
  public void close() {}
}
