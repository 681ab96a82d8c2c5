package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * The ledger store over any {@link LedgerTables}: all of the fencing is here, once. The package
 * documentation argues why it is right.
 */
public final class FencedLedgerStore implements LedgerStore {
  // Lanes for bulk reads and writes behind: enough to keep a database busy, few enough to leave
  // appends their share.
  private static final int LANES = 4;

  private final LedgerTables tables;
  private final Exclusion exclusion;
  private final EpochOpening opening;
  private final BatchReading reading;
  private final Map<String, TenureWriter> writers = new ConcurrentHashMap<>();
  // How often each ledger was begun to be opened here.
  private final Map<String, Integer> openings = new ConcurrentHashMap<>();

  /** A store whose ledgers other processes may open at any time. */
  public FencedLedgerStore(LedgerTables tables) {
    this(tables, Exclusion.NONE);
  }

  /** At most one store of a process may have a lock that excludes others. */
  public FencedLedgerStore(LedgerTables tables, Exclusion exclusion) {
    this.tables = tables;
    this.exclusion = exclusion;
    this.opening = new EpochOpening(tables, exclusion);
    this.reading = new BatchReading(tables);
  }

  @Override
  public CompletionStage<Tenure> open(String ledger) {
    // Before anything is read: what is not acknowledged by now never will be in an older tenure.
    int number = openings.merge(ledger, 1, Integer::sum);
    return available(
        "open " + ledger,
        () ->
            opening
                .open(ledger)
                .thenApply(
                    tenure -> {
                      register(tenure, number);
                      return tenure;
                    }));
  }

  private void register(Tenure tenure, int opening) {
    writers.merge(
        tenure.ledger(),
        new TenureWriter(tables, tenure, () -> currentEpoch(tenure, opening)),
        (held, opened) -> held.epoch() > opened.epoch() ? held : opened);
  }

  /** Where nobody else can claim an epoch, this store knows which one is current. */
  private CompletionStage<Long> currentEpoch(Tenure tenure, int opening) {
    if (!exclusion.complete()) {
      return tables.currentEpoch(tenure.ledger());
    }
    boolean newest = openings.get(tenure.ledger()) == opening;
    return CompletableFuture.completedFuture(newest ? tenure.epoch() : tenure.epoch() + 1);
  }

  @Override
  public CompletionStage<Void> append(Batch batch) {
    Optional<TenureWriter> writer = Optional.ofNullable(writers.get(batch.ledger()));
    long newest = writer.map(TenureWriter::epoch).orElse(0L);
    if (batch.epoch() < newest) {
      return CompletableFuture.failedFuture(
          new FencedException(
              "epoch %d of %s has ended: epoch %d was opened here"
                  .formatted(batch.epoch(), batch.ledger(), newest)));
    }
    if (batch.epoch() > newest) {
      return CompletableFuture.failedFuture(
          new IllegalStateException(
              "epoch %d of %s was not opened here".formatted(batch.epoch(), batch.ledger())));
    }
    return writer.orElseThrow().append(batch);
  }

  @Override
  public CompletionStage<Void> readCheckpoint(String ledger, Consumer<CheckpointRow> rows) {
    Object oneAtATime = new Object();
    Consumer<CheckpointRow> serial =
        row -> {
          synchronized (oneAtATime) {
            ConsumerFailure.guard(rows, row);
          }
        };
    List<Integer> slots = IntStream.range(0, LedgerTables.SLOTS).boxed().toList();
    return available(
        "read the checkpoint of " + ledger,
        () -> Stages.forEach(slots, LANES, slot -> tables.readRows(ledger, slot, serial)));
  }

  @Override
  public CompletionStage<Void> readBatches(
      String ledger, long afterBatch, Consumer<Batch> batches) {
    return available("read " + ledger, () -> reading.readAll(ledger, afterBatch, batches));
  }

  @Override
  public CompletionStage<Optional<Batch>> readBatch(String ledger, long number) {
    return available(
        "read batch " + number + " of " + ledger, () -> reading.readOne(ledger, number));
  }

  @Override
  public CompletionStage<List<Batch>> readPage(String ledger, long number, int batchesMax) {
    return available(
        "read batches from " + number + " of " + ledger,
        () -> reading.readPage(ledger, number, batchesMax));
  }

  @Override
  public CompletionStage<Void> writeBehind(
      String ledger, List<CheckpointRow> rows, List<IndexRow> index, Watermark watermark) {
    Map<Integer, List<CheckpointRow>> rowsBySlot = bySlot(rows, CheckpointRow::entity);
    Map<Integer, List<CheckpointRow>> imagesBySlot =
        bySlot(images(rows, index), CheckpointRow::entity);
    Map<Integer, List<IndexRow>> indexBySlot = bySlot(index, IndexRow::entity);
    return available(
        "write behind " + ledger,
        () ->
            Stages.forEach(
                    rowsBySlot.entrySet(),
                    LANES,
                    slot -> tables.writeRows(ledger, slot.getKey(), slot.getValue()))
                .thenCompose(
                    nothing ->
                        Stages.forEach(
                            imagesBySlot.entrySet(),
                            LANES,
                            slot -> tables.writeImages(ledger, slot.getKey(), slot.getValue())))
                .thenCompose(
                    nothing ->
                        Stages.forEach(
                            indexBySlot.entrySet(),
                            LANES,
                            slot -> tables.writeIndex(ledger, slot.getKey(), slot.getValue())))
                .thenCompose(nothing -> tables.writeWatermark(ledger, watermark)));
  }

  /** The rows of entities that have passed a multiple of {@link #IMAGE_EVENTS} since the last. */
  private static List<CheckpointRow> images(List<CheckpointRow> rows, List<IndexRow> index) {
    Map<String, Long> firsts = new HashMap<>();
    index.forEach(run -> firsts.merge(run.entity(), run.firstSequence(), Math::min));
    return rows.stream()
        .filter(
            row -> {
              long before = firsts.getOrDefault(row.entity(), row.sequence() + 1) - 1;
              return row.sequence() / IMAGE_EVENTS > before / IMAGE_EVENTS;
            })
        .toList();
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readImage(
      String ledger, String entity, long sequence) {
    return available(
        "read an image of " + entity,
        () -> tables.readImage(ledger, slot(entity), entity, sequence));
  }

  @Override
  public CompletionStage<Watermark> readWatermark(String ledger) {
    return available(
        "read the watermark of " + ledger,
        () ->
            tables
                .readWatermark(ledger)
                .thenApply(found -> found.orElseGet(() -> Watermark.start(ledger))));
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readCheckpointRow(String ledger, String entity) {
    return available(
        "read the checkpoint of " + entity, () -> tables.readRow(ledger, slot(entity), entity));
  }

  @Override
  public CompletionStage<List<IndexRow>> entityIndex(
      String ledger, String entity, long fromSequence, long toSequence) {
    return available(
        "read the index of " + entity,
        () -> tables.readIndex(ledger, slot(entity), entity, fromSequence, toSequence));
  }

  @Override
  public void close() {
    tables.close();
  }

  /** The slot of an entity: the CRC-32C of its id, modulo {@link LedgerTables#SLOTS}. For ever. */
  static int slot(String entity) {
    CRC32C crc = new CRC32C();
    crc.update(entity.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % LedgerTables.SLOTS);
  }

  private static <T> Map<Integer, List<T>> bySlot(List<T> rows, Function<T, String> entity) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> slot(entity.apply(row)), TreeMap::new, Collectors.toList()));
  }

  /** Failures of the database become {@link LedgerUnavailableException}s; others stay. */
  private static <T> CompletionStage<T> available(String what, Supplier<CompletionStage<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Stages.attempt(work)
        .whenComplete(
            (value, failure) -> {
              if (failure == null) {
                result.complete(value);
                return;
              }
              Throwable cause = Stages.cause(failure);
              if (cause instanceof ConsumerFailure) {
                result.completeExceptionally(cause.getCause());
              } else if (cause instanceof LedgerException
                  || cause instanceof FormatException
                  || cause instanceof IllegalStateException) {
                result.completeExceptionally(cause);
              } else {
                result.completeExceptionally(
                    new LedgerUnavailableException(
                        "could not " + what + ": " + cause.getMessage(), cause));
              }
            });
    return result;
  }
}
