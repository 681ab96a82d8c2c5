package dev.ensemble.actors.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.Watermark;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Finds the batch that a revision is in, by halving; remembers what it has seen, so a reader that
 * goes on where its last page ended finds its batch at once.
 */
final class BatchSearch {
  private static final int KNOWN_MAX = 4_096;

  /** Numbers of batches by their last revision. */
  private final ConcurrentSkipListMap<Long, Long> known = new ConcurrentSkipListMap<>();

  void learn(Batch batch) {
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    known.put(batch.lastRevision(), batch.number());
  }

  /** The number of the first batch with a revision above that one, which is below the watermark. */
  long firstAfter(EntityPast past, long revision, Watermark watermark) {
    Map.Entry<Long, Long> floor = known.floorEntry(revision);
    Map.Entry<Long, Long> ceiling = known.higherEntry(revision);
    long before = floor == null ? 0 : floor.getValue();
    long found =
        ceiling == null ? watermark.batch() : Math.min(watermark.batch(), ceiling.getValue());
    boolean next = floor != null;
    while (found - before > 1) {
      long middle = next ? before + 1 : (before + found) >>> 1;
      next = false;
      Batch batch = past.batch(middle);
      learn(batch);
      if (batch.lastRevision() <= revision) {
        before = middle;
      } else {
        found = middle;
      }
    }
    return found;
  }
}
