package dev.ensemble.actors.ledger;

import dev.ensemble.actors.view.StoredVersion;
import java.util.Optional;

/**
 * What a name was after one of its events.
 *
 * @param live the object; empty when there was none, or when it was and cannot be read any more
 * @param createdRevision of the object that was there, 0 when there was none
 */
record PastState(Optional<StoredVersion> live, long createdRevision) {
  static final PastState ABSENT = new PastState(Optional.empty(), 0);

  /** There was an object, sealed under a key that has been destroyed since. */
  static PastState lost(long createdRevision) {
    return new PastState(Optional.empty(), createdRevision);
  }

  boolean isAbsent() {
    return createdRevision == 0;
  }

  boolean isLost() {
    return !isAbsent() && live.isEmpty();
  }

  int bytes() {
    return 200 + live.map(version -> version.json().length).orElse(0);
  }
}
