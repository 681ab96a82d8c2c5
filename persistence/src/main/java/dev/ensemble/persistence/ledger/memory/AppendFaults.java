package dev.ensemble.persistence.ledger.memory;

import dev.ensemble.persistence.format.Batch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What goes wrong with an insert. A stage that completes later delays it, one that never completes
 * hangs it, one that fails makes its outcome unknown to the writer.
 */
public interface AppendFaults {
  AppendFaults NONE = new AppendFaults() {};

  /** Before the batch is in the table: a failure here loses it. */
  default CompletionStage<Void> beforeInsert(Batch batch) {
    return CompletableFuture.completedFuture(null);
  }

  /** After the batch is in the table: a failure here leaves it there. */
  default CompletionStage<Void> afterInsert(Batch batch) {
    return CompletableFuture.completedFuture(null);
  }
}
