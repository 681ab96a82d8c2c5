package dev.ensemble.persistence.ledger;

import java.util.Optional;

/**
 * What keeps other processes from writing the ledgers of a store. Either nothing but the epochs:
 * then each batch is followed by a check. Or a lock that one process at most holds until it ends:
 * then none is needed, and ledgers are marked with it, so that no process without it opens them.
 *
 * @param held the lock that this process holds, and whose ledgers it may open
 * @param mark what ledgers are marked with; empty: other processes may open them
 */
public record Exclusion(Optional<String> held, Optional<String> mark) {
  /** Other processes may write; this one has no lock. */
  public static final Exclusion NONE = new Exclusion(Optional.empty(), Optional.empty());

  public Exclusion {
    if (mark.isPresent() && !mark.equals(held)) {
      throw new IllegalArgumentException("a mark must be the lock that is held");
    }
  }

  /** Nobody writes who does not hold {@code lock}, as this process does until it ends. */
  public static Exclusion by(String lock) {
    return new Exclusion(Optional.of(lock), Optional.of(lock));
  }

  /** Takes the marks of {@code lock}, which this process holds, from the ledgers that it opens. */
  public static Exclusion givenUp(String lock) {
    return new Exclusion(Optional.of(lock), Optional.empty());
  }

  boolean complete() {
    return mark.isPresent();
  }

  boolean admits(Optional<String> marked) {
    return marked.isEmpty() || marked.equals(held);
  }
}
