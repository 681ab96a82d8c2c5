package dev.ensemble.persistence.ledger;

/**
 * An append may have been written or not, and may still be. The tenure is over: the next {@link
 * LedgerStore#open} decides, and {@link Tenure#lastBatch} says which.
 */
public final class UnknownOutcomeException extends LedgerException {
  private static final long serialVersionUID = 1L;

  public UnknownOutcomeException(String message, Throwable cause) {
    super(message, cause);
  }
}
