package dev.ensemble.persistence.ledger.memory;

import dev.ensemble.persistence.ledger.Exclusion;
import dev.ensemble.persistence.ledger.FencedLedgerStore;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.LedgerStoreContract;

class LedgerStoreContractTest extends LedgerStoreContract {
  private final InMemoryTables tables = new InMemoryTables();

  @Override
  protected LedgerStore store(Exclusion exclusion) {
    return new FencedLedgerStore(tables, exclusion);
  }
}
