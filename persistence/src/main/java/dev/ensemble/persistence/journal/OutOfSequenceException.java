package dev.ensemble.persistence.journal;

/**
 * An append did not continue its entity's sequence: another incarnation of the entity has written.
 * Nothing of it was stored.
 */
public final class OutOfSequenceException extends RuntimeException {
  public OutOfSequenceException(String message) {
    super(message);
  }
}
