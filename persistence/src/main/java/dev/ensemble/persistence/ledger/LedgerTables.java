package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.format.HashChain;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What {@link FencedLedgerStore} needs from a database. Reads see every write that completed before
 * they began (quorum); {@link #claim} and {@link #seal} are compare-and-set; {@link
 * #readEpochsSerial} also sees those whose outcome was unknown. Any call may fail with any
 * exception, and a write that failed may still happen later.
 */
public interface LedgerTables extends AutoCloseable {
  /** Batches of one epoch with the same {@code number / BUCKET} share a partition. For ever. */
  int BUCKET = 128;

  /** Checkpoint and index of a ledger are spread over so many partitions each. For ever. */
  int SLOTS = 32;

  /**
   * Ends an epoch: batches of it above {@code lastBatch} do not exist.
   *
   * @param firstBatch the number its first batch has, or would have had
   * @param lastBatch its last batch; {@code firstBatch - 1} when it wrote none
   * @param lastRevision the ledger's last revision up to there
   * @param chain the ledger's chain hash up to there
   */
  record Seal(long epoch, long firstBatch, long lastBatch, long lastRevision, Hash chain) {
    /** What stands before epoch 1. */
    static Seal start(String ledger) {
      return new Seal(0, 1, 0, 0, HashChain.start(ledger));
    }
  }

  /**
   * The epochs of a ledger.
   *
   * @param current the newest claimed epoch, 0 before the first
   * @param seals of earlier epochs, by epoch; epochs that crashed may have none yet
   * @param mark the lock that {@code current} was claimed under; empty: none
   */
  record Epochs(long current, List<Seal> seals, Optional<String> mark) {
    public Epochs {
      seals = List.copyOf(seals);
    }
  }

  CompletionStage<Epochs> readEpochs(String ledger);

  CompletionStage<Epochs> readEpochsSerial(String ledger);

  /** The newest claimed epoch, 0 before the first. */
  CompletionStage<Long> currentEpoch(String ledger);

  /**
   * Makes {@code next} the current epoch, with {@code mark}, if it is {@code held} (0 for none):
   * true when done.
   */
  CompletionStage<Boolean> claim(String ledger, long held, long next, Optional<String> mark);

  /** Writes the seal if the epoch has none: true when done. */
  CompletionStage<Boolean> seal(String ledger, Seal seal);

  /** Writes a batch into its epoch. Writing the same one again changes nothing. */
  CompletionStage<Void> insert(Batch batch);

  /**
   * The batches of an epoch from number {@code from} on, in order, as far as they are in the bucket
   * of {@code from} and at most {@code limit}.
   */
  CompletionStage<List<Batch>> readPage(String ledger, long epoch, long from, int limit);

  /** The highest batch number in a bucket of an epoch. */
  CompletionStage<Optional<Long>> lastNumber(String ledger, long epoch, long bucket);

  /** Reads one slot of the checkpoint, one call at a time. */
  CompletionStage<Void> readRows(String ledger, int slot, Consumer<CheckpointRow> rows);

  CompletionStage<Optional<CheckpointRow>> readRow(String ledger, int slot, String entity);

  /** Writes rows of one slot; where a row of a higher revision is there already, that one stays. */
  CompletionStage<Void> writeRows(String ledger, int slot, List<CheckpointRow> rows);

  /** Adds images of one slot; writing the same one again changes nothing. */
  CompletionStage<Void> writeImages(String ledger, int slot, List<CheckpointRow> images);

  /** The image with the highest sequence number up to {@code sequence}. */
  CompletionStage<Optional<CheckpointRow>> readImage(
      String ledger, int slot, String entity, long sequence);

  CompletionStage<Void> writeIndex(String ledger, int slot, List<IndexRow> rows);

  /** Index rows of an entity that touch the given sequence numbers, in order. */
  CompletionStage<List<IndexRow>> readIndex(
      String ledger, int slot, String entity, long fromSequence, long toSequence);

  CompletionStage<Optional<Watermark>> readWatermark(String ledger);

  /** Where a watermark of a higher batch is there already, that one stays. */
  CompletionStage<Void> writeWatermark(String ledger, Watermark watermark);

  @Override
  void close();
}
