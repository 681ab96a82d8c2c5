package dev.ensemble.persistence.ledger.cassandra;

import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraNode;
import dev.ensemble.persistence.ledger.Exclusion;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.LedgerStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CassandraNode.class)
class CassandraLedgerStoreIT extends LedgerStoreContract {
  private static CassandraConnection connection;

  @BeforeAll
  static void connect() {
    connection = CassandraConnection.open(CassandraNode.settings("5s"));
  }

  @AfterAll
  static void disconnect() {
    connection.close();
  }

  @Override
  protected LedgerStore store(Exclusion exclusion) {
    return CassandraLedgerStore.over(connection, exclusion);
  }
}
