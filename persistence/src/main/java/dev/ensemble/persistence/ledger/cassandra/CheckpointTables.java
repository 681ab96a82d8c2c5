package dev.ensemble.persistence.ledger.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.format.FormatException;
import dev.ensemble.persistence.ledger.CheckpointRow;
import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What is written behind. Rows carry their revision as the write's timestamp, so of two writes the
 * database itself keeps the one with the higher revision, whoever came last.
 */
final class CheckpointTables {
  // Rows of a group go to one partition as one write; the database warns above 512 KiB.
  private static final int GROUP_BYTES = 256 * 1024;
  private static final int INDEX_GROUP_ROWS = 1000;
  private static final int PAGE_ROWS = 100;
  private static final int ROW_BYTES = 200;

  private static final byte GONE = 0;
  private static final byte PLAIN = 1;
  private static final byte SEALED = 2;

  private final Statements statements;
  private final PreparedStatement readRows;
  private final PreparedStatement readRow;
  private final PreparedStatement writeRow;
  private final PreparedStatement readImage;
  private final PreparedStatement writeImage;
  private final PreparedStatement readIndex;
  private final PreparedStatement writeIndex;
  private final PreparedStatement readWatermark;
  private final PreparedStatement writeWatermark;

  CheckpointTables(CassandraConnection connection) {
    statements = new Statements(connection);
    String columns = "entity, state, sequence, revision, created_revision, hash, uid, object";
    readRows =
        statements.read(
            "SELECT " + columns + " FROM %s.ledger_objects WHERE ledger = ? AND slot = ?");
    readRow =
        statements.read(
            "SELECT "
                + columns
                + " FROM %s.ledger_objects WHERE ledger = ? AND slot = ? AND entity = ?");
    writeRow =
        statements.write(
            "INSERT INTO %s.ledger_objects (ledger, slot, "
                + columns
                + ") VALUES (:ledger, :slot, :entity, :state, :sequence, :revision, :created,"
                + " :hash, :uid, :object) USING TIMESTAMP :written");
    readImage =
        statements.read(
            "SELECT "
                + columns
                + " FROM %s.ledger_images WHERE ledger = ? AND slot = ? AND entity = ?"
                + " AND sequence <= ? ORDER BY entity DESC, sequence DESC LIMIT 1");
    writeImage =
        statements.write(
            "INSERT INTO %s.ledger_images (ledger, slot, "
                + columns
                + ") VALUES (:ledger, :slot, :entity, :state, :sequence, :revision, :created,"
                + " :hash, :uid, :object) USING TIMESTAMP :written");
    readIndex =
        statements.read(
            "SELECT first_sequence, last_sequence, batch_number FROM %s.ledger_index"
                + " WHERE ledger = ? AND slot = ? AND entity = ? AND last_sequence >= ?");
    writeIndex =
        statements.write(
            "INSERT INTO %s.ledger_index"
                + " (ledger, slot, entity, last_sequence, first_sequence, batch_number)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    readWatermark =
        statements.read(
            "SELECT batch_number, revision, chain FROM %s.ledger_watermarks WHERE ledger = ?");
    writeWatermark =
        statements.write(
            "INSERT INTO %s.ledger_watermarks (ledger, batch_number, revision, chain)"
                + " VALUES (:ledger, :number, :revision, :chain) USING TIMESTAMP :written");
  }

  CompletionStage<Void> readRows(String ledger, int slot, Consumer<CheckpointRow> rows) {
    return statements.runAll(
        readRows.bind(ledger, slot).setPageSize(PAGE_ROWS), row -> rows.accept(row(row)));
  }

  CompletionStage<Optional<CheckpointRow>> readRow(String ledger, int slot, String entity) {
    return statements
        .runOne(readRow.bind(ledger, slot, entity))
        .thenApply(found -> found.map(CheckpointTables::row));
  }

  private static CheckpointRow row(Row row) {
    byte state = row.getByte("state");
    if (state < GONE || state > SEALED) {
      throw new FormatException("unknown state " + state + " of a checkpoint's row");
    }
    Optional<Bytes> object =
        state == GONE ? Optional.empty() : Optional.of(Statements.bytes(row, "object"));
    return new CheckpointRow(
        row.getString("entity"),
        row.getLong("sequence"),
        row.getLong("revision"),
        row.getLong("created_revision"),
        Statements.hash(row, "hash"),
        row.getString("uid"),
        state == SEALED ? Form.SEALED : Form.PLAIN,
        object);
  }

  CompletionStage<Optional<CheckpointRow>> readImage(
      String ledger, int slot, String entity, long sequence) {
    return statements
        .runOne(readImage.bind(ledger, slot, entity, sequence))
        .thenApply(found -> found.map(CheckpointTables::row));
  }

  CompletionStage<Void> writeImages(String ledger, int slot, List<CheckpointRow> images) {
    return write(writeImage, ledger, slot, images);
  }

  CompletionStage<Void> writeRows(String ledger, int slot, List<CheckpointRow> rows) {
    return write(writeRow, ledger, slot, rows);
  }

  private CompletionStage<Void> write(
      PreparedStatement insert, String ledger, int slot, List<CheckpointRow> rows) {
    List<BatchStatement> groups = new ArrayList<>();
    BatchStatementBuilder group = BatchStatement.builder(DefaultBatchType.UNLOGGED);
    int size = 0;
    for (CheckpointRow row : rows) {
      group.addStatement(bind(insert, ledger, slot, row));
      size += ROW_BYTES + row.object().map(Bytes::size).orElse(0);
      if (size >= GROUP_BYTES) {
        groups.add(finish(group));
        group = BatchStatement.builder(DefaultBatchType.UNLOGGED);
        size = 0;
      }
    }
    if (group.getStatementsCount() > 0) {
      groups.add(finish(group));
    }
    return runInOrder(groups, 0);
  }

  private static BoundStatement bind(
      PreparedStatement insert, String ledger, int slot, CheckpointRow row) {
    byte state = row.object().isEmpty() ? GONE : row.form() == Form.SEALED ? SEALED : PLAIN;
    return insert
        .bind()
        .setString("ledger", ledger)
        .setInt("slot", slot)
        .setString("entity", row.entity())
        .setByte("state", state)
        .setLong("sequence", row.sequence())
        .setLong("revision", row.revision())
        .setLong("created", row.createdRevision())
        .setByteBuffer("hash", Statements.blob(row.lastHash()))
        .setString("uid", row.uid())
        // Empty rather than null: a null would be a tombstone of the database's.
        .setByteBuffer("object", row.object().orElse(Bytes.EMPTY).buffer())
        .setLong("written", row.revision());
  }

  CompletionStage<Void> writeIndex(String ledger, int slot, List<IndexRow> rows) {
    List<BatchStatement> groups = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += INDEX_GROUP_ROWS) {
      BatchStatementBuilder group = BatchStatement.builder(DefaultBatchType.UNLOGGED);
      for (IndexRow row : rows.subList(from, Math.min(rows.size(), from + INDEX_GROUP_ROWS))) {
        group.addStatement(
            writeIndex.bind(
                ledger, slot, row.entity(), row.lastSequence(), row.firstSequence(), row.batch()));
      }
      groups.add(finish(group));
    }
    return runInOrder(groups, 0);
  }

  private BatchStatement finish(BatchStatementBuilder group) {
    return group.setConsistencyLevel(statements.writes()).setIdempotence(true).build();
  }

  private CompletionStage<Void> runInOrder(List<BatchStatement> groups, int next) {
    return next == groups.size()
        ? CompletableFuture.completedFuture(null)
        : statements
            .runWrite(groups.get(next))
            .thenCompose(nothing -> runInOrder(groups, next + 1));
  }

  CompletionStage<List<IndexRow>> readIndex(
      String ledger, int slot, String entity, long fromSequence, long toSequence) {
    List<IndexRow> rows = new ArrayList<>();
    return readIndexOn(
        statements.run(readIndex.bind(ledger, slot, entity, fromSequence)),
        entity,
        toSequence,
        rows);
  }

  /** Reads no further page once the sequence numbers are above what was asked for. */
  private static CompletionStage<List<IndexRow>> readIndexOn(
      CompletionStage<AsyncResultSet> result, String entity, long toSequence, List<IndexRow> rows) {
    return result.thenCompose(
        page -> {
          for (Row row : page.currentPage()) {
            if (row.getLong("first_sequence") > toSequence) {
              return CompletableFuture.completedFuture(rows);
            }
            rows.add(
                new IndexRow(
                    entity,
                    row.getLong("first_sequence"),
                    row.getLong("last_sequence"),
                    row.getLong("batch_number")));
          }
          return page.hasMorePages()
              ? readIndexOn(page.fetchNextPage(), entity, toSequence, rows)
              : CompletableFuture.completedFuture(rows);
        });
  }

  CompletionStage<Optional<Watermark>> readWatermark(String ledger) {
    return statements
        .runOne(readWatermark.bind(ledger))
        .thenApply(
            found ->
                found.map(
                    row ->
                        new Watermark(
                            row.getLong("batch_number"),
                            row.getLong("revision"),
                            Statements.hash(row, "chain"))));
  }

  CompletionStage<Void> writeWatermark(String ledger, Watermark watermark) {
    return statements.runWrite(
        writeWatermark
            .bind()
            .setString("ledger", ledger)
            .setLong("number", watermark.batch())
            .setLong("revision", watermark.revision())
            .setByteBuffer("chain", Statements.blob(watermark.chain()))
            .setLong("written", watermark.batch()));
  }
}
