package dev.ensemble.persistence.journal;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The way from journals to ledgers, provided by the module that runs ledgers. */
public interface LedgerGateway {
  /**
   * Hands events of one entity to its ledger. The stage completes when they are durable, ordered
   * and in the view, after {@link Recorded#acknowledged} was called on each. It fails with {@link
   * OutOfSequenceException} when the entity has events that the writer does not know: nothing was
   * written. When nothing was written for any reason, {@link Recorded#refused} was called on each.
   * Any other failure: unknown.
   *
   * @param firstSequence the sequence number of the first event
   */
  CompletionStage<Void> append(String entity, long firstSequence, List<Recorded> events);

  /** What the ledger knows of an entity now. Fails when the ledger is not there in time. */
  CompletionStage<Tip> tip(String entity);

  /**
   * The newest state of one entity.
   *
   * @param sequence the number of its last event, 0 when it never had one
   * @param state the entity's state after that event, in the form that the entity's snapshots have
   */
  record Tip(long sequence, Object state) {}
}
