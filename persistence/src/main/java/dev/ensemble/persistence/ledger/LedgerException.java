package dev.ensemble.persistence.ledger;

/** What a {@link LedgerStore} fails with. */
public abstract sealed class LedgerException extends RuntimeException
    permits FencedException, UnknownOutcomeException, LedgerUnavailableException {
  private static final long serialVersionUID = 1L;

  LedgerException(String message) {
    super(message);
  }

  LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
