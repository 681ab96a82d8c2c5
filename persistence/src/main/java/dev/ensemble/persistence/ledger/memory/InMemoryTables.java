package dev.ensemble.persistence.ledger.memory;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.BatchCodec;
import dev.ensemble.persistence.ledger.CheckpointRow;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.LedgerTables;
import dev.ensemble.persistence.ledger.Watermark;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The tables as maps. May be shared by stores that stand for processes. Batches are kept encoded,
 * so what is read went through the format.
 */
public final class InMemoryTables implements LedgerTables {
  private static final class LedgerData {
    long current;
    Optional<String> mark = Optional.empty();
    final NavigableMap<Long, Seal> seals = new TreeMap<>();
    final Map<Long, NavigableMap<Long, ByteBuffer>> batches = new TreeMap<>();
    final NavigableMap<String, CheckpointRow> rows = new TreeMap<>();
    final Map<String, NavigableMap<Long, CheckpointRow>> images = new TreeMap<>();
    final Map<String, NavigableMap<Long, IndexRow>> index = new TreeMap<>();
    Optional<Watermark> watermark = Optional.empty();
  }

  private final Map<String, LedgerData> ledgers = new TreeMap<>();
  private volatile AppendFaults faults = AppendFaults.NONE;

  /** What befalls the inserts from now on. */
  public void setFaults(AppendFaults next) {
    faults = next;
  }

  /** Replaces the stored blob of a batch, as somebody with access to the disk could. */
  public synchronized void tamper(Batch replacement) {
    data(replacement.ledger())
        .batches
        .get(replacement.epoch())
        .replace(replacement.number(), BatchCodec.encode(replacement));
  }

  private LedgerData data(String ledger) {
    return ledgers.computeIfAbsent(ledger, name -> new LedgerData());
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  @Override
  public synchronized CompletionStage<Epochs> readEpochs(String ledger) {
    LedgerData data = data(ledger);
    return done(new Epochs(data.current, List.copyOf(data.seals.values()), data.mark));
  }

  @Override
  public CompletionStage<Epochs> readEpochsSerial(String ledger) {
    return readEpochs(ledger);
  }

  @Override
  public synchronized CompletionStage<Long> currentEpoch(String ledger) {
    return done(data(ledger).current);
  }

  @Override
  public synchronized CompletionStage<Boolean> claim(
      String ledger, long held, long next, Optional<String> mark) {
    LedgerData data = data(ledger);
    if (data.current != held) {
      return done(false);
    }
    data.current = next;
    data.mark = mark;
    return done(true);
  }

  @Override
  public synchronized CompletionStage<Boolean> seal(String ledger, Seal seal) {
    return done(data(ledger).seals.putIfAbsent(seal.epoch(), seal) == null);
  }

  @Override
  public CompletionStage<Void> insert(Batch batch) {
    ByteBuffer blob = BatchCodec.encode(batch);
    AppendFaults now = faults;
    return now.beforeInsert(batch)
        .thenCompose(
            nothing -> {
              put(batch, blob);
              return now.afterInsert(batch);
            });
  }

  private synchronized void put(Batch batch, ByteBuffer blob) {
    data(batch.ledger())
        .batches
        .computeIfAbsent(batch.epoch(), epoch -> new TreeMap<>())
        .put(batch.number(), blob);
  }

  @Override
  public synchronized CompletionStage<List<Batch>> readPage(
      String ledger, long epoch, long from, int limit) {
    List<Batch> page = new ArrayList<>();
    for (ByteBuffer blob : bucket(ledger, epoch, from / BUCKET).tailMap(from).values()) {
      if (page.size() == limit) {
        break;
      }
      page.add(BatchCodec.decode(blob));
    }
    return done(page);
  }

  @Override
  public synchronized CompletionStage<Optional<Long>> lastNumber(
      String ledger, long epoch, long bucket) {
    NavigableMap<Long, ByteBuffer> batches = bucket(ledger, epoch, bucket);
    return done(batches.isEmpty() ? Optional.empty() : Optional.of(batches.lastKey()));
  }

  private NavigableMap<Long, ByteBuffer> bucket(String ledger, long epoch, long bucket) {
    return data(ledger)
        .batches
        .getOrDefault(epoch, new TreeMap<>())
        .subMap(bucket * BUCKET, true, (bucket + 1) * BUCKET, false);
  }

  @Override
  public CompletionStage<Void> readRows(String ledger, int slot, Consumer<CheckpointRow> consumer) {
    List<CheckpointRow> rows;
    synchronized (this) {
      // All rows stand in slot 0: the spread is the database's concern.
      rows = slot == 0 ? List.copyOf(data(ledger).rows.values()) : List.of();
    }
    try {
      rows.forEach(consumer);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    return done(null);
  }

  @Override
  public synchronized CompletionStage<Optional<CheckpointRow>> readRow(
      String ledger, int slot, String entity) {
    return done(Optional.ofNullable(data(ledger).rows.get(entity)));
  }

  @Override
  public synchronized CompletionStage<Void> writeRows(
      String ledger, int slot, List<CheckpointRow> rows) {
    for (CheckpointRow row : rows) {
      data(ledger)
          .rows
          .merge(row.entity(), row, (old, now) -> old.revision() > now.revision() ? old : now);
    }
    return done(null);
  }

  @Override
  public synchronized CompletionStage<Void> writeImages(
      String ledger, int slot, List<CheckpointRow> images) {
    for (CheckpointRow image : images) {
      data(ledger)
          .images
          .computeIfAbsent(image.entity(), entity -> new TreeMap<>())
          .put(image.sequence(), image);
    }
    return done(null);
  }

  @Override
  public synchronized CompletionStage<Optional<CheckpointRow>> readImage(
      String ledger, int slot, String entity, long sequence) {
    return done(
        Optional.ofNullable(
                data(ledger).images.getOrDefault(entity, new TreeMap<>()).floorEntry(sequence))
            .map(Map.Entry::getValue));
  }

  @Override
  public synchronized CompletionStage<Void> writeIndex(
      String ledger, int slot, List<IndexRow> rows) {
    for (IndexRow row : rows) {
      data(ledger)
          .index
          .computeIfAbsent(row.entity(), entity -> new TreeMap<>())
          .put(row.lastSequence(), row);
    }
    return done(null);
  }

  @Override
  public synchronized CompletionStage<List<IndexRow>> readIndex(
      String ledger, int slot, String entity, long fromSequence, long toSequence) {
    List<IndexRow> rows =
        data(ledger)
            .index
            .getOrDefault(entity, new TreeMap<>())
            .tailMap(fromSequence)
            .values()
            .stream()
            .filter(row -> row.firstSequence() <= toSequence)
            .toList();
    return done(rows);
  }

  @Override
  public synchronized CompletionStage<Optional<Watermark>> readWatermark(String ledger) {
    return done(data(ledger).watermark);
  }

  @Override
  public synchronized CompletionStage<Void> writeWatermark(String ledger, Watermark watermark) {
    LedgerData data = data(ledger);
    if (data.watermark.map(Watermark::batch).orElse(0L) < watermark.batch()) {
      data.watermark = Optional.of(watermark);
    }
    return done(null);
  }

  /** Keeps everything: another store may use it. */
  @Override
  public void close() {}
}
