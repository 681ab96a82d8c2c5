package dev.ensemble.persistence.format;

import java.util.List;
import java.util.Objects;

/**
 * What a ledger writes in one go, as one row: events of many entities in the order of their
 * revisions. Batches of a ledger are numbered from 1 without gaps, across epochs.
 *
 * @param epoch the writer's epoch
 * @param chainBefore the ledger's chain hash before the first event
 * @param chainAfter the same after the last event
 */
public record Batch(
    String ledger,
    long epoch,
    long number,
    List<EventRecord> events,
    Hash chainBefore,
    Hash chainAfter) {
  /**
   * Where a ledger should close a batch. 128 batches share a partition of the database, which so
   * stays below 64 MB.
   */
  public static final int TARGET_BYTES = 512 * 1024;

  /** The most that a batch may take when encoded; larger ones are refused before they are sent. */
  public static final int MAX_BYTES = 4 * 1024 * 1024;

  /** The most events in one batch. */
  public static final int MAX_EVENTS = 16_384;

  public Batch {
    events = List.copyOf(events);
    Objects.requireNonNull(chainBefore, "chainBefore");
    Objects.requireNonNull(chainAfter, "chainAfter");
    if (ledger.isEmpty() || epoch < 1 || number < 1) {
      throw new IllegalArgumentException(
          "not a batch: ledger '%s' epoch %d number %d".formatted(ledger, epoch, number));
    }
    if (events.isEmpty() || events.size() > MAX_EVENTS) {
      throw new IllegalArgumentException("a batch of " + events.size() + " events");
    }
  }

  /** A batch whose chain hash is computed. Its revisions must grow. */
  public static Batch chained(
      String ledger, long epoch, long number, Hash chainBefore, List<EventRecord> events) {
    long last = 0;
    Hash chain = chainBefore;
    for (EventRecord event : events) {
      if (event.revision() <= last) {
        throw new IllegalArgumentException(
            "revision %d of %s does not follow %d".formatted(event.revision(), event.id(), last));
      }
      last = event.revision();
      chain = HashChain.ledger(chain, event.revision(), event.hash());
    }
    return new Batch(ledger, epoch, number, events, chainBefore, chain);
  }

  /** The batch after this one, by the same writer. */
  public Batch followedBy(List<EventRecord> next) {
    if (!next.isEmpty() && next.get(0).revision() <= lastRevision()) {
      throw new IllegalArgumentException(
          "revision %d does not follow %d".formatted(next.get(0).revision(), lastRevision()));
    }
    return chained(ledger, epoch, number + 1, chainAfter, next);
  }

  public long firstRevision() {
    return events.get(0).revision();
  }

  public long lastRevision() {
    return events.get(events.size() - 1).revision();
  }
}
