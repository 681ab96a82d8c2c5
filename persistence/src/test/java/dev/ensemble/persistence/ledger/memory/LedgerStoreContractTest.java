package dev.ensemble.persistence.ledger.memory;

import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.LedgerStoreContract;

class LedgerStoreContractTest extends LedgerStoreContract {
  private final InMemoryTables tables = new InMemoryTables();

  @Override
  protected LedgerStore store() {
    return new InMemoryLedgerStore(tables);
  }
}
