package dev.ensemble.persistence.ledger.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.ledger.LedgerTables.Epochs;
import dev.ensemble.persistence.ledger.LedgerTables.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Epochs and seals: one partition for each ledger, written by lightweight transactions only, since
 * those and plain writes do not mix.
 */
final class EpochTable {
  private final Statements statements;
  private final PreparedStatement readAll;
  private final PreparedStatement readAllSerial;
  private final PreparedStatement readCurrent;
  private final PreparedStatement claim;
  private final PreparedStatement seal;

  EpochTable(CassandraConnection connection) {
    statements = new Statements(connection);
    String all =
        "SELECT epoch, current, mark, first_batch, last_batch, last_revision, chain"
            + " FROM %s.ledger_epochs WHERE ledger = ?";
    readAll = statements.read(all);
    readAllSerial = statements.readSerial(all);
    readCurrent = statements.read("SELECT current FROM %s.ledger_epochs WHERE ledger = ? LIMIT 1");
    claim =
        statements.transaction(
            "UPDATE %s.ledger_epochs SET current = :next, mark = :mark WHERE ledger = :ledger"
                + " IF current = :held");
    seal =
        statements.transaction(
            "UPDATE %s.ledger_epochs SET first_batch = :first, last_batch = :last,"
                + " last_revision = :revision, chain = :chain"
                + " WHERE ledger = :ledger AND epoch = :epoch IF last_batch = null");
  }

  CompletionStage<Epochs> readEpochs(String ledger) {
    return read(readAll.bind(ledger));
  }

  CompletionStage<Epochs> readEpochsSerial(String ledger) {
    return read(readAllSerial.bind(ledger));
  }

  private CompletionStage<Epochs> read(BoundStatement statement) {
    long[] current = {0};
    AtomicReference<String> mark = new AtomicReference<>();
    List<Seal> seals = new ArrayList<>();
    return statements
        .runAll(
            statement,
            row -> {
              current[0] = row.getLong("current");
              mark.set(row.getString("mark"));
              if (!row.isNull("epoch") && !row.isNull("last_batch")) {
                seals.add(seal(row));
              }
            })
        .thenApply(nothing -> new Epochs(current[0], seals, Optional.ofNullable(mark.get())));
  }

  private static Seal seal(Row row) {
    return new Seal(
        row.getLong("epoch"),
        row.getLong("first_batch"),
        row.getLong("last_batch"),
        row.getLong("last_revision"),
        Statements.hash(row, "chain"));
  }

  CompletionStage<Long> currentEpoch(String ledger) {
    return statements
        .runOne(readCurrent.bind(ledger))
        .thenApply(row -> row.map(found -> found.getLong("current")).orElse(0L));
  }

  CompletionStage<Boolean> claim(String ledger, long held, long next, Optional<String> mark) {
    BoundStatement statement =
        claim
            .bind()
            .setLong("next", next)
            .setString("mark", mark.orElse(null))
            .setString("ledger", ledger)
            .setToNull("held");
    return statements.runTransaction(held == 0 ? statement : statement.setLong("held", held));
  }

  CompletionStage<Boolean> seal(String ledger, Seal end) {
    return statements.runTransaction(
        seal.bind()
            .setString("ledger", ledger)
            .setLong("epoch", end.epoch())
            .setLong("first", end.firstBatch())
            .setLong("last", end.lastBatch())
            .setLong("revision", end.lastRevision())
            .setByteBuffer("chain", Statements.blob(end.chain())));
  }
}
