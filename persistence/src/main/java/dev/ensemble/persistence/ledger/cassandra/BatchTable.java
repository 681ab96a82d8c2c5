package dev.ensemble.persistence.ledger.cassandra;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.BatchCodec;
import dev.ensemble.persistence.ledger.LedgerTables;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The batches: a partition for each bucket of an epoch, a row for each batch. */
final class BatchTable {
  private final Statements statements;
  private final PreparedStatement insert;
  private final PreparedStatement readPage;
  private final PreparedStatement readLast;

  BatchTable(CassandraConnection connection) {
    statements = new Statements(connection);
    insert =
        statements.write(
            "INSERT INTO %s.ledger_batches (ledger, epoch, bucket, number, content)"
                + " VALUES (:ledger, :epoch, :bucket, :number, :content)");
    readPage =
        statements.read(
            "SELECT content FROM %s.ledger_batches"
                + " WHERE ledger = ? AND epoch = ? AND bucket = ? AND number >= ? LIMIT ?");
    readLast =
        statements.read(
            "SELECT number FROM %s.ledger_batches"
                + " WHERE ledger = ? AND epoch = ? AND bucket = ? ORDER BY number DESC LIMIT 1");
  }

  CompletionStage<Void> insert(Batch batch) {
    return statements.runWrite(
        insert
            .bind()
            .setString("ledger", batch.ledger())
            .setLong("epoch", batch.epoch())
            .setLong("bucket", batch.number() / LedgerTables.BUCKET)
            .setLong("number", batch.number())
            .setByteBuffer("content", BatchCodec.encode(batch)));
  }

  CompletionStage<List<Batch>> readPage(String ledger, long epoch, long from, int limit) {
    List<Batch> page = new ArrayList<>(limit);
    return statements
        .runAll(
            readPage.bind(ledger, epoch, from / LedgerTables.BUCKET, from, limit),
            row -> page.add(BatchCodec.decode(present(row.getByteBuffer("content")))))
        .thenApply(nothing -> page);
  }

  private static ByteBuffer present(ByteBuffer blob) {
    return Optional.ofNullable(blob).orElseGet(() -> ByteBuffer.allocate(0));
  }

  CompletionStage<Optional<Long>> lastNumber(String ledger, long epoch, long bucket) {
    return statements
        .runOne(readLast.bind(ledger, epoch, bucket))
        .thenApply(row -> row.map(found -> found.getLong("number")));
  }
}
