package dev.ensemble.actors.ledger;

import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.LedgerView.Tip;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.Watermark;
import java.util.List;
import java.util.Map;

/**
 * A batch on its way to the store, with all that happens when it arrives.
 *
 * @param appends to be acknowledged
 * @param changes to be published, in order
 * @param tips where the batch's entities stand after it
 */
record Flight(
    Batch batch,
    List<Append> appends,
    List<Change> changes,
    Map<String, Tip> tips,
    List<IndexRow> index) {
  Watermark watermark() {
    return new Watermark(batch.number(), batch.lastRevision(), batch.chainAfter());
  }
}
