package dev.ensemble.actors.ledger;

import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.LedgerView.Tip;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.Watermark;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A batch on its way to the store, with all that happens when it arrives.
 *
 * @param batch empty for changes that are held in memory only: they wait for the flights before
 *     them, because revisions are published in order
 * @param appends to be acknowledged
 * @param changes to be published, in order
 * @param tips where the batch's entities stand after it
 */
record Flight(
    Optional<Batch> batch,
    List<Append> appends,
    List<Change> changes,
    Map<String, Tip> tips,
    List<IndexRow> index) {
  static Watermark watermark(Batch batch) {
    return new Watermark(batch.number(), batch.lastRevision(), batch.chainAfter());
  }
}
