package dev.ensemble.persistence.ledger.cassandra;

import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.ledger.Exclusion;
import dev.ensemble.persistence.ledger.FencedLedgerStore;
import dev.ensemble.persistence.ledger.LedgerStore;

/** Makes ledger stores over a connection. */
public final class CassandraLedgerStore {
  private CassandraLedgerStore() {}

  /** A store whose ledgers other processes may open, otherwise as the one below. */
  public static LedgerStore over(CassandraConnection connection) {
    return over(connection, Exclusion.NONE);
  }

  /** A store that leaves the connection open when it is closed. Prepares its statements: blocks. */
  public static LedgerStore over(CassandraConnection connection, Exclusion exclusion) {
    return new FencedLedgerStore(
        new CassandraTables(
            new EpochTable(connection),
            new BatchTable(connection),
            new CheckpointTables(connection)),
        exclusion);
  }
}
