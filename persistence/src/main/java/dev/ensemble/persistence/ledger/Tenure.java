package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Hash;
import java.util.List;

/**
 * The right to write a ledger, and where it stood when the right was claimed.
 *
 * @param epoch this writer's number; every later writer has a higher one
 * @param lastBatch the number of the ledger's last batch, 0 when it has none. It is final: no batch
 *     of an earlier epoch will come after it
 * @param lastRevision that batch's last revision, 0 when there is none
 * @param chain the chain hash after that batch
 * @param watermark how far the checkpoint reaches; batches after it are to be read
 */
public record Tenure(
    String ledger, long epoch, long lastBatch, long lastRevision, Hash chain, Watermark watermark) {
  /** The first batch of this tenure. Its successors come from {@link Batch#followedBy}. */
  public Batch firstBatch(List<EventRecord> events) {
    if (!events.isEmpty() && events.get(0).revision() <= lastRevision) {
      throw new IllegalArgumentException(
          "revision %d does not follow %d".formatted(events.get(0).revision(), lastRevision));
    }
    return Batch.chained(ledger, epoch, lastBatch + 1, chain, events);
  }
}
