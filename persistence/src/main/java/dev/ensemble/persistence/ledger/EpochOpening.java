package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.FormatException;
import dev.ensemble.persistence.ledger.LedgerTables.Epochs;
import dev.ensemble.persistence.ledger.LedgerTables.Seal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Claims an epoch and seals all earlier ones. */
final class EpochOpening {
  // Each round lost is another writer that came between; so many at once is a fault of placement.
  private static final int CLAIM_ROUNDS_MAX = 10;

  private final LedgerTables tables;
  private final Exclusion exclusion;

  EpochOpening(LedgerTables tables, Exclusion exclusion) {
    this.tables = tables;
    this.exclusion = exclusion;
  }

  CompletionStage<Tenure> open(String ledger) {
    return claim(ledger)
        .thenCompose(
            epoch ->
                tables
                    .readWatermark(ledger)
                    .thenApply(found -> found.orElseGet(() -> Watermark.start(ledger)))
                    .thenCompose(
                        watermark ->
                            sealBefore(ledger, epoch, watermark)
                                .thenApply(
                                    last ->
                                        new Tenure(
                                            ledger,
                                            epoch,
                                            last.lastBatch(),
                                            last.lastRevision(),
                                            last.chain(),
                                            watermark))));
  }

  private CompletionStage<Long> claim(String ledger) {
    AtomicInteger rounds = new AtomicInteger();
    AtomicLong claimed = new AtomicLong();
    return Stages.repeat(
            () -> {
              if (rounds.incrementAndGet() > CLAIM_ROUNDS_MAX) {
                return CompletableFuture.failedFuture(
                    new LedgerUnavailableException(
                        "too many writers want " + ledger + " at the same time"));
              }
              return tables
                  .readEpochsSerial(ledger)
                  .thenCompose(
                      epochs -> {
                        if (!exclusion.admits(epochs.mark())) {
                          return CompletableFuture.failedFuture(notAdmitted(ledger, epochs));
                        }
                        claimed.set(epochs.current() + 1);
                        return tables.claim(
                            ledger, epochs.current(), claimed.get(), exclusion.mark());
                      })
                  .thenApply(won -> !won);
            })
        .thenApply(nothing -> claimed.get());
  }

  private LedgerUnavailableException notAdmitted(String ledger, Epochs epochs) {
    return new LedgerUnavailableException(
        "%s belongs to the process that holds the lock %s; this one holds %s"
            .formatted(
                ledger,
                epochs.mark().orElseThrow(),
                exclusion.held().map(lock -> "the lock " + lock).orElse("none")));
  }

  /** Seals what is not sealed, epoch by epoch; the last seal before {@code epoch}. */
  private CompletionStage<Seal> sealBefore(String ledger, long epoch, Watermark watermark) {
    CompletableFuture<Seal> last = new CompletableFuture<>();
    return Stages.repeat(
            () ->
                tables
                    .readEpochsSerial(ledger)
                    .thenCompose(
                        epochs -> {
                          if (epochs.current() != epoch) {
                            return CompletableFuture.failedFuture(
                                new LedgerUnavailableException(
                                    "epoch %d of %s was replaced by %d while it was opened"
                                        .formatted(epoch, ledger, epochs.current())));
                          }
                          Seal end = contiguousEnd(ledger, epochs);
                          if (end.epoch() == epoch - 1) {
                            last.complete(end);
                            return CompletableFuture.completedFuture(false);
                          }
                          // Applied or not: the next round reads what holds.
                          return findEnd(ledger, end, watermark)
                              .thenCompose(seal -> tables.seal(ledger, seal))
                              .thenApply(applied -> true);
                        }))
        .thenCompose(nothing -> last);
  }

  /** The last of the seals that follow each other from epoch 1 on. */
  static Seal contiguousEnd(String ledger, Epochs epochs) {
    Seal end = Seal.start(ledger);
    for (Seal seal : epochs.seals()) {
      if (seal.epoch() != end.epoch() + 1) {
        break;
      }
      if (seal.firstBatch() != end.lastBatch() + 1) {
        throw new FormatException(
            "epoch %d of %s begins with batch %d, not %d"
                .formatted(seal.epoch(), ledger, seal.firstBatch(), end.lastBatch() + 1));
      }
      end = seal;
    }
    return end;
  }

  private CompletionStage<Seal> findEnd(String ledger, Seal before, Watermark watermark) {
    long epoch = before.epoch() + 1;
    long first = before.lastBatch() + 1;
    // What is behind the watermark was acknowledged; the search may begin there.
    long from = Math.max(first, watermark.batch());
    return lastNumber(ledger, epoch, from)
        .thenCompose(
            number -> {
              if (number.isEmpty()) {
                return CompletableFuture.completedFuture(
                    new Seal(epoch, first, first - 1, before.lastRevision(), before.chain()));
              }
              return tables
                  .readPage(ledger, epoch, number.get(), 1)
                  .thenCompose(page -> confirm(new Seal(epoch, first, 0, 0, before.chain()), page));
            });
  }

  /**
   * Writes the last batch once more before it is sealed in: its writer may have reached fewer
   * replicas than a quorum. All before it were acknowledged by a quorum.
   */
  private CompletionStage<Seal> confirm(Seal open, List<Batch> page) {
    Batch last = page.get(0);
    return tables
        .insert(last)
        .thenApply(
            nothing ->
                new Seal(
                    open.epoch(),
                    open.firstBatch(),
                    last.number(),
                    last.lastRevision(),
                    last.chainAfter()));
  }

  /** Inserts leave no holes, so the last bucket is found by doubling steps, then by halving. */
  private CompletionStage<Optional<Long>> lastNumber(String ledger, long epoch, long from) {
    long bucket = from / LedgerTables.BUCKET;
    return tables
        .lastNumber(ledger, epoch, bucket)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return CompletableFuture.completedFuture(found);
              }
              Search search = new Search(bucket, found.get());
              return Stages.repeat(() -> search.step(ledger, epoch))
                  .thenApply(nothing -> Optional.of(search.highest));
            });
  }

  /** Between a bucket that has batches and one that has none. */
  private final class Search {
    private long full;
    private long empty = Long.MAX_VALUE;
    private long step = 1;
    private long highest;

    Search(long full, long highest) {
      this.full = full;
      this.highest = highest;
    }

    CompletionStage<Boolean> step(String ledger, long epoch) {
      if (empty - full == 1) {
        return CompletableFuture.completedFuture(false);
      }
      long probe;
      if (empty == Long.MAX_VALUE) {
        probe = full + step;
        step *= 2;
      } else {
        probe = full + (empty - full) / 2;
      }
      return tables
          .lastNumber(ledger, epoch, probe)
          .thenApply(
              found -> {
                if (found.isPresent()) {
                  full = probe;
                  highest = found.get();
                } else {
                  empty = probe;
                }
                return true;
              });
    }
  }
}
