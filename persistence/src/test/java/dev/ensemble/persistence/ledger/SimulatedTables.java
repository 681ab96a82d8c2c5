package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.memory.InMemoryTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tables behind a bad network, on one thread: each request arrives some time later, or never; each
 * answer too. A request whose answer was given up may still arrive.
 */
final class SimulatedTables implements LedgerTables {
  private final InMemoryTables real;
  private final Random random;
  private final double loss;
  private final List<Runnable> network;
  private boolean killed;

  SimulatedTables(InMemoryTables real, Random random, double loss) {
    this(real, random, loss, new ArrayList<>());
  }

  private SimulatedTables(InMemoryTables real, Random random, double loss, List<Runnable> network) {
    this.real = real;
    this.random = random;
    this.loss = loss;
    this.network = network;
  }

  /** The same tables as another process reaches them. */
  SimulatedTables ofAnotherProcess() {
    return new SimulatedTables(real, random, loss, network);
  }

  /** The process ends: no answer reaches it any more, but its requests may still arrive. */
  void kill() {
    killed = true;
  }

  /** Lets one thing that is under way happen; false when there is none. */
  boolean step() {
    if (network.isEmpty()) {
      return false;
    }
    network.remove(random.nextInt(network.size())).run();
    return true;
  }

  private <T> CompletionStage<T> send(Supplier<CompletionStage<T>> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean givenUp = random.nextDouble() < loss;
    boolean arrives = !givenUp || random.nextBoolean();
    if (givenUp) {
      network.add(
          () -> {
            if (!killed) {
              answer.completeExceptionally(new TimeoutException("simulated"));
            }
          });
    }
    if (arrives) {
      network.add(
          () -> {
            T result = request.get().toCompletableFuture().join();
            network.add(
                () -> {
                  if (!killed) {
                    answer.complete(result);
                  }
                });
          });
    }
    return answer;
  }

  @Override
  public CompletionStage<Epochs> readEpochs(String ledger) {
    return send(() -> real.readEpochs(ledger));
  }

  @Override
  public CompletionStage<Epochs> readEpochsSerial(String ledger) {
    return send(() -> real.readEpochsSerial(ledger));
  }

  @Override
  public CompletionStage<Long> currentEpoch(String ledger) {
    return send(() -> real.currentEpoch(ledger));
  }

  @Override
  public CompletionStage<Boolean> claim(
      String ledger, long held, long next, Optional<String> mark) {
    return send(() -> real.claim(ledger, held, next, mark));
  }

  @Override
  public CompletionStage<Boolean> seal(String ledger, Seal seal) {
    return send(() -> real.seal(ledger, seal));
  }

  @Override
  public CompletionStage<Void> insert(Batch batch) {
    return send(() -> real.insert(batch));
  }

  @Override
  public CompletionStage<List<Batch>> readPage(String ledger, long epoch, long from, int limit) {
    return send(() -> real.readPage(ledger, epoch, from, limit));
  }

  @Override
  public CompletionStage<Optional<Long>> lastNumber(String ledger, long epoch, long bucket) {
    return send(() -> real.lastNumber(ledger, epoch, bucket));
  }

  @Override
  public CompletionStage<Void> readRows(String ledger, int slot, Consumer<CheckpointRow> rows) {
    return send(() -> real.readRows(ledger, slot, rows));
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readRow(String ledger, int slot, String entity) {
    return send(() -> real.readRow(ledger, slot, entity));
  }

  @Override
  public CompletionStage<Void> writeRows(String ledger, int slot, List<CheckpointRow> rows) {
    return send(() -> real.writeRows(ledger, slot, rows));
  }

  @Override
  public CompletionStage<Void> writeImages(String ledger, int slot, List<CheckpointRow> images) {
    return send(() -> real.writeImages(ledger, slot, images));
  }

  @Override
  public CompletionStage<Optional<CheckpointRow>> readImage(
      String ledger, int slot, String entity, long sequence) {
    return send(() -> real.readImage(ledger, slot, entity, sequence));
  }

  @Override
  public CompletionStage<Void> writeIndex(String ledger, int slot, List<IndexRow> rows) {
    return send(() -> real.writeIndex(ledger, slot, rows));
  }

  @Override
  public CompletionStage<List<IndexRow>> readIndex(
      String ledger, int slot, String entity, long fromSequence, long toSequence) {
    return send(() -> real.readIndex(ledger, slot, entity, fromSequence, toSequence));
  }

  @Override
  public CompletionStage<Optional<Watermark>> readWatermark(String ledger) {
    return send(() -> real.readWatermark(ledger));
  }

  @Override
  public CompletionStage<Void> writeWatermark(String ledger, Watermark watermark) {
    return send(() -> real.writeWatermark(ledger, watermark));
  }

  @Override
  public void close() {}
}
