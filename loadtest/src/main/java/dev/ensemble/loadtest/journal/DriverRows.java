package dev.ensemble.loadtest.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows that the driver inserts by itself: one event's bytes each, by entity and sequence, prepared,
 * on the same node.
 */
public final class DriverRows implements AutoCloseable {
  private final CassandraConnection connection;
  private final CqlSession session;
  private final PreparedStatement insert;
  private final byte[] payload = new byte[EntityChanges.EVENT_BYTES];
  private final AtomicLong sequence = new AtomicLong();

  /** Closes the connection in the end. */
  public DriverRows(CassandraConnection connection) {
    this.connection = connection;
    session = connection.session();
    session.execute(
        "CREATE TABLE IF NOT EXISTS "
            + connection.keyspace()
            + ".driver_rows (entity text, sequence bigint, payload blob,"
            + " PRIMARY KEY (entity, sequence))");
    insert =
        session.prepare(
            "INSERT INTO "
                + connection.keyspace()
                + ".driver_rows (entity, sequence, payload) VALUES (?, ?, ?)");
    // As compressible as JSON is: letters, not zeros.
    Random random = new Random(7);
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) ('a' + random.nextInt(16));
    }
  }

  public CompletionStage<?> insert(int writer) {
    return session.executeAsync(
        insert.bind(
            "configmaps/bench/writer-" + writer,
            sequence.incrementAndGet(),
            ByteBuffer.wrap(payload)));
  }

  @Override
  public void close() {
    connection.close();
  }
}
