package dev.ensemble.persistence.verify;

import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.Hash;
import java.util.Optional;

/**
 * What a walk through a ledger found.
 *
 * @param batches how many were right
 * @param events how many were right
 * @param entities how many had events
 * @param lastRevision of the last right event
 * @param chain the chain hash after it: what to keep elsewhere as proof
 * @param fault the first bad entry; empty when all is right
 */
public record VerificationReport(
    String ledger,
    long batches,
    long events,
    long entities,
    long lastRevision,
    Hash chain,
    Optional<Fault> fault) {
  /**
   * The first bad entry.
   *
   * @param batch its batch
   * @param event empty when the batch as a whole is bad
   */
  public record Fault(long batch, Optional<EventId> event, String problem) {}
}
