package dev.ensemble.actors.ledger;

/** Too much waits to be written: the append was refused, nothing of it was written. */
public final class LedgerOverloadedException extends RuntimeException {
  LedgerOverloadedException(String ledger) {
    super("too many changes wait to be written to ledger " + ledger);
  }
}
