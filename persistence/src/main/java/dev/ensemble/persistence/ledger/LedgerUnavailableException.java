package dev.ensemble.persistence.ledger;

/**
 * The database did not do it. For an append: nothing was sent. All calls but append may be
 * repeated.
 */
public final class LedgerUnavailableException extends LedgerException {
  private static final long serialVersionUID = 1L;

  public LedgerUnavailableException(String message) {
    super(message);
  }

  public LedgerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
