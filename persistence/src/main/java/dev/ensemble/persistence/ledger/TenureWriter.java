package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.BatchCodec;
import dev.ensemble.persistence.format.Hash;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Writes the batches of one tenure: one insert at a time, so that there are never holes, then the
 * check of the epoch, which may run while the next batch is being inserted. Completes in order. Who
 * asks whom for the current epoch is the store's choice.
 */
final class TenureWriter {
  private static final class Entry {
    final Batch batch;
    final CompletableFuture<Void> outcome = new CompletableFuture<>();
    boolean sent;
    boolean checked;
    Optional<LedgerException> failure = Optional.empty();

    Entry(Batch batch) {
      this.batch = batch;
    }
  }

  private final LedgerTables tables;
  private final Supplier<CompletionStage<Long>> currentEpoch;
  private final String ledger;
  private final long epoch;
  private final Deque<Entry> pending = new ArrayDeque<>();
  private long nextNumber;
  private Hash chain;
  private boolean inserting;
  private boolean completing;
  private Optional<LedgerException> end = Optional.empty();

  TenureWriter(LedgerTables tables, Tenure tenure, Supplier<CompletionStage<Long>> currentEpoch) {
    this.tables = tables;
    this.currentEpoch = currentEpoch;
    this.ledger = tenure.ledger();
    this.epoch = tenure.epoch();
    this.nextNumber = tenure.lastBatch() + 1;
    this.chain = tenure.chain();
  }

  long epoch() {
    return epoch;
  }

  CompletionStage<Void> append(Batch batch) {
    Entry entry = new Entry(batch);
    synchronized (this) {
      if (end.isPresent()) {
        return CompletableFuture.failedFuture(notSent(end.get()));
      }
      if (batch.number() != nextNumber || !batch.chainBefore().equals(chain)) {
        return CompletableFuture.failedFuture(
            new IllegalStateException(
                "batch %d of %s does not follow: %d with chain %s is next"
                    .formatted(batch.number(), ledger, nextNumber, chain)));
      }
      if (pending.size() >= LedgerStore.APPENDS_IN_FLIGHT_MAX) {
        return CompletableFuture.failedFuture(
            new IllegalStateException("too many appends of " + ledger + " in flight"));
      }
      if (BatchCodec.sizeOf(batch) > Batch.MAX_BYTES) {
        return CompletableFuture.failedFuture(
            new IllegalStateException(
                "batch %d of %s may take %d bytes, more than %d"
                    .formatted(batch.number(), ledger, BatchCodec.sizeOf(batch), Batch.MAX_BYTES)));
      }
      nextNumber++;
      chain = batch.chainAfter();
      pending.add(entry);
    }
    sendNext();
    return entry.outcome.minimalCompletionStage();
  }

  private void sendNext() {
    Entry entry;
    synchronized (this) {
      if (inserting || end.isPresent()) {
        return;
      }
      Optional<Entry> unsent = pending.stream().filter(e -> !e.sent).findFirst();
      if (unsent.isEmpty()) {
        return;
      }
      entry = unsent.get();
      entry.sent = true;
      inserting = true;
    }
    Stages.attempt(() -> tables.insert(entry.batch))
        .whenComplete((nothing, failure) -> inserted(entry, Optional.ofNullable(failure)));
  }

  private void inserted(Entry entry, Optional<Throwable> failure) {
    synchronized (this) {
      inserting = false;
    }
    if (failure.isPresent()) {
      fail(entry, unknown(entry, "its insert failed", failure.get()));
      return;
    }
    // Only now: a check that began before the insert was durable would prove nothing.
    Stages.attempt(currentEpoch)
        .whenComplete(
            (current, checkFailure) -> {
              if (checkFailure != null) {
                fail(entry, unknown(entry, "the check of its epoch failed", checkFailure));
              } else if (current != epoch) {
                fail(entry, fenced(current));
              } else {
                synchronized (this) {
                  entry.checked = true;
                }
                complete();
              }
            });
    sendNext();
  }

  private void fail(Entry entry, LedgerException failure) {
    synchronized (this) {
      entry.failure = Optional.of(failure);
      if (end.isEmpty()) {
        end = Optional.of(failure);
      }
    }
    complete();
  }

  /** Ends what can be ended, in order; one thread at a time, outside of the lock. */
  private void complete() {
    synchronized (this) {
      if (completing) {
        return;
      }
      completing = true;
    }
    Optional<LedgerException> earlier = Optional.empty();
    while (true) {
      Entry head;
      synchronized (this) {
        head = pending.peek();
        if (head == null || (!head.checked && head.failure.isEmpty() && earlier.isEmpty())) {
          completing = false;
          return;
        }
        pending.remove();
      }
      if (earlier.isPresent()) {
        head.outcome.completeExceptionally(afterFailure(head, earlier.get()));
      } else if (head.failure.isPresent()) {
        earlier = head.failure;
        head.outcome.completeExceptionally(head.failure.get());
      } else {
        head.outcome.complete(null);
      }
    }
  }

  private LedgerException afterFailure(Entry entry, LedgerException earlier) {
    if (earlier instanceof FencedException) {
      return new FencedException(earlier.getMessage());
    }
    return entry.sent ? unknown(entry, "the one before it failed", earlier) : notSent(earlier);
  }

  private LedgerException notSent(LedgerException earlier) {
    if (earlier instanceof FencedException) {
      return new FencedException(earlier.getMessage());
    }
    return new LedgerUnavailableException(
        "epoch %d of %s has ended with a failed append; open it again".formatted(epoch, ledger),
        earlier);
  }

  private UnknownOutcomeException unknown(Entry entry, String why, Throwable cause) {
    return new UnknownOutcomeException(
        "batch %d of %s may be written or not: %s".formatted(entry.batch.number(), ledger, why),
        Stages.cause(cause));
  }

  private FencedException fenced(long current) {
    return new FencedException(
        "epoch %d of %s has ended: epoch %d writes it now".formatted(epoch, ledger, current));
  }
}
