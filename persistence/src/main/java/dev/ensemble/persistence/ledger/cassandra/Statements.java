package dev.ensemble.persistence.ledger.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.FormatException;
import dev.ensemble.persistence.format.Hash;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Prepares and runs the statements of one table. */
final class Statements {
  private final CqlSession session;
  private final String keyspace;
  private final ConsistencyLevel writes;

  Statements(CassandraConnection connection) {
    this.session = connection.session();
    this.keyspace = connection.keyspace();
    this.writes = connection.writes();
  }

  /** A statement that reads; {@code %s} in the text is the keyspace. */
  PreparedStatement read(String text) {
    return session.prepare(
        SimpleStatement.newInstance(text.formatted(keyspace))
            .setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM)
            .setIdempotent(true));
  }

  /** A read that also sees lightweight transactions whose outcome was unknown. */
  PreparedStatement readSerial(String text) {
    return session.prepare(
        SimpleStatement.newInstance(text.formatted(keyspace))
            .setConsistencyLevel(ConsistencyLevel.LOCAL_SERIAL)
            .setIdempotent(true));
  }

  /** A plain write whose repetition changes nothing. */
  PreparedStatement write(String text) {
    return session.prepare(
        SimpleStatement.newInstance(text.formatted(keyspace))
            .setConsistencyLevel(writes)
            .setIdempotent(true));
  }

  /** A lightweight transaction. Never repeated by the driver: its first run may have won. */
  PreparedStatement transaction(String text) {
    return session.prepare(
        SimpleStatement.newInstance(text.formatted(keyspace))
            .setConsistencyLevel(writes)
            .setSerialConsistencyLevel(ConsistencyLevel.LOCAL_SERIAL)
            .setIdempotent(false));
  }

  ConsistencyLevel writes() {
    return writes;
  }

  CompletionStage<AsyncResultSet> run(Statement<?> statement) {
    return session.executeAsync(statement);
  }

  CompletionStage<Void> runWrite(Statement<?> statement) {
    return session.executeAsync(statement).thenAccept(result -> {});
  }

  CompletionStage<Boolean> runTransaction(Statement<?> statement) {
    return session.executeAsync(statement).thenApply(AsyncResultSet::wasApplied);
  }

  CompletionStage<Optional<Row>> runOne(Statement<?> statement) {
    return session.executeAsync(statement).thenApply(result -> Optional.ofNullable(result.one()));
  }

  /** All rows, page by page. */
  CompletionStage<Void> runAll(Statement<?> statement, Consumer<Row> rows) {
    return session.executeAsync(statement).thenCompose(page -> readOn(page, rows));
  }

  private static CompletionStage<Void> readOn(AsyncResultSet page, Consumer<Row> rows) {
    page.currentPage().forEach(rows);
    return page.hasMorePages()
        ? page.fetchNextPage().thenCompose(next -> readOn(next, rows))
        : CompletableFuture.completedFuture(null);
  }

  static ByteBuffer blob(Hash hash) {
    return ByteBuffer.wrap(hash.toBytes());
  }

  static Hash hash(Row row, String column) {
    Bytes bytes = bytes(row, column);
    if (bytes.size() != Hash.BYTES) {
      throw new FormatException("column " + column + " holds no hash but " + bytes);
    }
    return Hash.of(bytes.array());
  }

  static Bytes bytes(Row row, String column) {
    return Optional.ofNullable(row.getByteBuffer(column)).map(Bytes::of).orElse(Bytes.EMPTY);
  }
}
