package dev.ensemble.persistence.ledger;

/**
 * Another writer has a newer epoch. Nothing of the failed append may be acknowledged; whether the
 * newer writer took it over is in the ledger.
 */
public final class FencedException extends LedgerException {
  private static final long serialVersionUID = 1L;

  public FencedException(String message) {
    super(message);
  }
}
