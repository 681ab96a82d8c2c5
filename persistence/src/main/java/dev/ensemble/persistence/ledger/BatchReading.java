package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.FormatException;
import dev.ensemble.persistence.ledger.LedgerTables.Epochs;
import dev.ensemble.persistence.ledger.LedgerTables.Seal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Reads batches that are part of the ledger, and no others: up to the seal in sealed epochs, and in
 * the current one what was read before a check that it still is the current one.
 */
final class BatchReading {
  // 16 batches of the target size are 8 MB.
  private static final int PAGE = 16;

  /** One epoch's batches: {@code last} is empty while the epoch is the current one. */
  private record Part(long epoch, long first, Optional<Long> last) {}

  private final LedgerTables tables;
  // Seals never change, so what is sealed needs no second look.
  private final Map<String, Epochs> known = new ConcurrentHashMap<>();

  BatchReading(LedgerTables tables) {
    this.tables = tables;
  }

  CompletionStage<Optional<Batch>> readOne(String ledger, long number) {
    return locate(ledger, number)
        .thenCompose(
            part -> {
              if (part.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.<Batch>empty());
              }
              return readChecked(ledger, part.get(), number, 1)
                  .thenApply(page -> page.stream().findFirst());
            });
  }

  CompletionStage<List<Batch>> readPage(String ledger, long number, int batchesMax) {
    return locate(ledger, number)
        .thenCompose(
            part -> {
              if (part.isEmpty()) {
                return CompletableFuture.completedFuture(List.<Batch>of());
              }
              long room = part.get().last().orElse(Long.MAX_VALUE) - number + 1;
              return readChecked(ledger, part.get(), number, (int) Math.min(batchesMax, room));
            });
  }

  CompletionStage<Void> readAll(String ledger, long afterBatch, Consumer<Batch> batches) {
    long[] next = {afterBatch + 1};
    return Stages.repeat(
        () ->
            locate(ledger, next[0])
                .thenCompose(
                    part -> {
                      if (part.isEmpty()) {
                        return CompletableFuture.completedFuture(false);
                      }
                      return readPart(ledger, part.get(), next, batches);
                    }));
  }

  /** Reads a part to its end; false when nothing can follow. */
  private CompletionStage<Boolean> readPart(
      String ledger, Part part, long[] next, Consumer<Batch> batches) {
    return Stages.repeat(
            () -> {
              long room = part.last().orElse(Long.MAX_VALUE) - next[0] + 1;
              if (room <= 0) {
                return CompletableFuture.completedFuture(false);
              }
              return readChecked(ledger, part, next[0], (int) Math.min(PAGE, room))
                  .thenApply(
                      page -> {
                        page.forEach(batch -> ConsumerFailure.guard(batches, batch));
                        next[0] += page.size();
                        return !page.isEmpty();
                      });
            })
        .thenApply(nothing -> part.last().isPresent());
  }

  private CompletionStage<List<Batch>> readChecked(String ledger, Part part, long from, int limit) {
    CompletionStage<List<Batch>> page =
        tables
            .readPage(ledger, part.epoch(), from, limit)
            .thenApply(
                batches -> {
                  expectInOrder(ledger, part, from, batches);
                  return batches;
                });
    if (part.last().isPresent()) {
      return page;
    }
    // Only batches that were there before this check are certain to be sealed in later.
    return page.thenCompose(
        batches ->
            tables
                .currentEpoch(ledger)
                .thenApply(
                    current -> {
                      if (current != part.epoch()) {
                        throw takenOver(ledger);
                      }
                      return batches;
                    }));
  }

  private static void expectInOrder(String ledger, Part part, long from, List<Batch> batches) {
    if (batches.isEmpty() && part.last().isPresent()) {
      throw new FormatException("batch " + from + " of " + ledger + " is missing");
    }
    long expected = from;
    for (Batch batch : batches) {
      if (batch.number() != expected
          || batch.epoch() != part.epoch()
          || !batch.ledger().equals(ledger)) {
        throw new FormatException(
            "where batch %d of %s in epoch %d should be is batch %d of %s in epoch %d"
                .formatted(
                    expected, ledger, part.epoch(), batch.number(), batch.ledger(), batch.epoch()));
      }
      expected++;
    }
  }

  /** The epoch that has, or will have, this batch; empty when the ledger was never opened. */
  private CompletionStage<Optional<Part>> locate(String ledger, long number) {
    Optional<Part> sealed =
        Optional.ofNullable(known.get(ledger)).flatMap(epochs -> sealed(epochs, number));
    if (sealed.isPresent()) {
      return CompletableFuture.completedFuture(sealed);
    }
    return tables
        .readEpochs(ledger)
        .thenApply(
            epochs -> {
              known.put(ledger, epochs);
              Optional<Part> found = sealed(epochs, number);
              if (found.isPresent() || epochs.current() == 0) {
                return found;
              }
              Seal end = EpochOpening.contiguousEnd(ledger, epochs);
              if (end.epoch() != epochs.current() - 1) {
                throw takenOver(ledger);
              }
              return Optional.of(new Part(epochs.current(), end.lastBatch() + 1, Optional.empty()));
            });
  }

  private static Optional<Part> sealed(Epochs epochs, long number) {
    return epochs.seals().stream()
        .filter(seal -> seal.firstBatch() <= number && number <= seal.lastBatch())
        .findFirst()
        .map(seal -> new Part(seal.epoch(), seal.firstBatch(), Optional.of(seal.lastBatch())));
  }

  private static LedgerUnavailableException takenOver(String ledger) {
    return new LedgerUnavailableException(
        ledger + " is being taken over by another writer: its end is not known yet");
  }
}
