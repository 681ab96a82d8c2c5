package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.format.Hash;
import java.util.Optional;

/**
 * One entity as of one of its events: what a ledger needs to go on without that entity's history.
 *
 * @param sequence the entity's last event
 * @param revision that event's revision
 * @param createdRevision the revision that made this incarnation
 * @param lastHash that event's hash
 * @param uid the object's uid, or that of the last incarnation
 * @param form whether {@code object} is sealed
 * @param object the object as JSON or sealed; empty when there is none now (a tombstone)
 */
public record CheckpointRow(
    String entity,
    long sequence,
    long revision,
    long createdRevision,
    Hash lastHash,
    String uid,
    Form form,
    Optional<Bytes> object) {
  /** A row for a name that has no object now. */
  public static CheckpointRow tombstone(
      String entity,
      long sequence,
      long revision,
      long createdRevision,
      Hash lastHash,
      String uid) {
    return new CheckpointRow(
        entity, sequence, revision, createdRevision, lastHash, uid, Form.PLAIN, Optional.empty());
  }
}
