package dev.ensemble.persistence.seal;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.format.Bytes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keys in Cassandra. Destroying overwrites the row instead of deleting it: the old value goes with
 * the next compaction, without the grace period of a deletion, and a late copy of it cannot come
 * back.
 */
public final class CassandraObjectKeys implements ObjectKeys {
  private final CqlSession session;
  private final PreparedStatement read;
  private final PreparedStatement create;
  private final PreparedStatement destroy;

  /** Prepares its statements: blocks. */
  public CassandraObjectKeys(CassandraConnection connection) {
    session = connection.session();
    String table = connection.keyspace() + ".object_keys";
    read =
        session.prepare(
            SimpleStatement.newInstance(
                    "SELECT master_key, wrapped FROM " + table + " WHERE entity = ? AND uid = ?")
                .setConsistencyLevel(ConsistencyLevel.LOCAL_SERIAL)
                .setIdempotent(true));
    create =
        prepareTransaction(
            connection,
            "INSERT INTO "
                + table
                + " (entity, uid, master_key, wrapped) VALUES (?, ?, ?, ?) IF NOT EXISTS");
    destroy =
        prepareTransaction(
            connection,
            "UPDATE "
                + table
                + " SET master_key = '', wrapped = 0x WHERE entity = ? AND uid = ? IF EXISTS");
  }

  private PreparedStatement prepareTransaction(CassandraConnection connection, String text) {
    return session.prepare(
        SimpleStatement.newInstance(text)
            .setConsistencyLevel(connection.writes())
            .setSerialConsistencyLevel(ConsistencyLevel.LOCAL_SERIAL));
  }

  @Override
  public CompletionStage<Optional<WrappedKey>> read(String entity, String uid) {
    return session
        .executeAsync(read.bind(entity, uid))
        .thenApply(result -> Optional.ofNullable(result.one()).map(CassandraObjectKeys::key));
  }

  @Override
  public CompletionStage<WrappedKey> create(String entity, String uid, WrappedKey candidate) {
    return session
        .executeAsync(create.bind(entity, uid, candidate.masterKey(), candidate.bytes().buffer()))
        .thenCompose(
            result ->
                result.wasApplied()
                    ? CompletableFuture.completedFuture(candidate)
                    : read(entity, uid).thenApply(kept -> kept.orElse(WrappedKey.DESTROYED)));
  }

  @Override
  public CompletionStage<Void> destroy(String entity, String uid) {
    return session
        .executeAsync(destroy.bind(entity, uid))
        .thenApply(AsyncResultSet::wasApplied)
        .thenAccept(applied -> {});
  }

  private static WrappedKey key(Row row) {
    return new WrappedKey(
        Optional.ofNullable(row.getString("master_key")).orElse(""),
        Optional.ofNullable(row.getByteBuffer("wrapped")).map(Bytes::of).orElse(Bytes.EMPTY));
  }
}
