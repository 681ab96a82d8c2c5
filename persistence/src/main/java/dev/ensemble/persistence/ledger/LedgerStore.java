package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where ledgers are kept. Safe for use by many threads. Results arrive on threads of the store:
 * what runs on them must not block. Failures are {@link LedgerException}s, wrapped in nothing when
 * seen by {@code whenComplete}; a {@link dev.ensemble.persistence.format.FormatException} says that
 * what is stored is damaged; a call that breaks the contract is an IllegalStateException.
 */
public interface LedgerStore extends AutoCloseable {
  /**
   * Claims a new epoch of a ledger and ends all earlier ones: when it completes, no earlier writer
   * will ever have another batch acknowledged, and the ledger ends with {@link Tenure#lastBatch}.
   * Fails with {@link LedgerUnavailableException}; repeat it then.
   */
  CompletionStage<Tenure> open(String ledger);

  /**
   * Writes a batch of an open tenure. It is durable, and part of the ledger for ever, when this
   * completes.
   *
   * <p>Batches of one tenure are to be appended in the order of their numbers. The next may be
   * given before the last has completed ({@link #APPENDS_IN_FLIGHT_MAX} at most); they complete in
   * order, and after one failed, so do all later ones. Fails with
   *
   * <ul>
   *   <li>{@link FencedException}: a newer writer exists; nothing may be acknowledged;
   *   <li>{@link UnknownOutcomeException}: it may be written or not;
   *   <li>{@link LedgerUnavailableException}: an earlier append failed, this one was not sent.
   * </ul>
   *
   * Each of them ends the tenure: claim a new one with {@link #open}. A batch that does not follow
   * the last, or whose {@link dev.ensemble.persistence.format.BatchCodec#sizeOf size} may be above
   * {@link Batch#MAX_BYTES}, is an IllegalStateException, is not sent, and ends nothing.
   */
  CompletionStage<Void> append(Batch batch);

  /** How many appends of one tenure may be waiting for their end. */
  int APPENDS_IN_FLIGHT_MAX = 16;

  /**
   * Reads the checkpoint: a row for each entity with events up to the watermark, in no order, one
   * call at a time. A row may be newer than the watermark, never older: skip events that it already
   * has (by sequence) when reading the batches after the watermark. What the consumer throws ends
   * the read and becomes its failure.
   */
  CompletionStage<Void> readCheckpoint(String ledger, Consumer<CheckpointRow> rows);

  /**
   * Reads all batches with a number above {@code afterBatch}, in order, one call at a time, up to
   * the end of the ledger at the time of the read. Each one delivered is part of the ledger for
   * ever, its writer's acknowledgement or not. What the consumer throws ends the read and becomes
   * its failure.
   */
  CompletionStage<Void> readBatches(String ledger, long afterBatch, Consumer<Batch> batches);

  /** One batch by its number; empty when the ledger has no such batch (yet, or any more). */
  CompletionStage<Optional<Batch>> readBatch(String ledger, long number);

  /**
   * The batches from {@code number} on, in order, at most {@code batchesMax}; fewer where the store
   * keeps them apart, none only at the end of the ledger. What is delivered is as in {@link
   * #readBatches}.
   */
  CompletionStage<List<Batch>> readPage(String ledger, long number, int batchesMax);

  /**
   * Brings checkpoint and index up to {@code watermark}. The rows must hold every entity and every
   * run of events between the last watermark and this one; only batches whose append completed may
   * be in. May be repeated; of two writes the higher revision stays, whatever their order, so a
   * writer that was replaced does no harm. The watermark is written last.
   */
  CompletionStage<Void> writeBehind(
      String ledger, List<CheckpointRow> rows, List<IndexRow> index, Watermark watermark);

  /** How far the checkpoint and the index reach. */
  CompletionStage<Watermark> readWatermark(String ledger);

  /** The checkpoint's row of one entity; empty when it has none yet. */
  CompletionStage<Optional<CheckpointRow>> readCheckpointRow(String ledger, String entity);

  /**
   * Where the events {@code fromSequence} to {@code toSequence} (both included) of an entity are,
   * in order. Only what is written behind: events after the watermark are in the batches after it.
   */
  CompletionStage<List<IndexRow>> entityIndex(
      String ledger, String entity, long fromSequence, long toSequence);

  /**
   * The newest image of an entity at or before one of its events; empty when there is none, and its
   * first event is where to begin. {@link #writeBehind} keeps a row as an image whenever the entity
   * has gone past another {@link #IMAGE_EVENTS} events, so few events lie between an image and the
   * next.
   */
  CompletionStage<Optional<CheckpointRow>> readImage(String ledger, String entity, long sequence);

  /** An image of an object costs as much as its events from one to the next, or less. */
  int IMAGE_EVENTS = 32;

  /** Gives connections back. Appends that are still under way become unknown. */
  @Override
  void close();
}
