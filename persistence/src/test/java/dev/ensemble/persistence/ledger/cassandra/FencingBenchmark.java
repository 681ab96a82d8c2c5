package dev.ensemble.persistence.ledger.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraNode;
import dev.ensemble.persistence.cassandra.EmbeddedCassandra;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.BatchCodec;
import dev.ensemble.persistence.ledger.Exclusion;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What fencing costs: one writer, batches of one event of 1 KB, one at a time. Starts the node of
 * the integration tests and stops it at the end. Prints p50 and p99 in microseconds.
 */
public final class FencingBenchmark {
  private static final int WARM_UP = 1000;
  private static final int MEASURED = 2000;
  private static final int WRITERS = 64;
  private static final String POD = "pods/default/a";

  private interface Write {
    void run(Batch batch) throws Exception;
  }

  private FencingBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedCassandra node = CassandraNode.node();
    node.start();
    try (CassandraConnection connection = CassandraConnection.open(CassandraNode.settings("10s"))) {
      BatchTable table = new BatchTable(connection);
      LedgerStore store = CassandraLedgerStore.over(connection);
      Write insert = batch -> table.insert(batch).toCompletableFuture().get();
      Write checked = batch -> store.append(batch).toCompletableFuture().get();
      LedgerStore alone = CassandraLedgerStore.over(connection, Exclusion.by("benchmark"));
      Write locked = batch -> alone.append(batch).toCompletableFuture().get();
      Write transaction = transaction(connection);
      measure(
          List.of(
              new Variant("insert alone", insert, store),
              new Variant("insert + check", checked, store),
              new Variant("under a lock", locked, alone),
              new Variant("transaction", transaction, store)));
      throughput(store);
    } finally {
      node.stop();
    }
  }

  /** One after the other, again and again, so that what else the machine does befalls all alike. */
  private static void measure(List<Variant> variants) throws Exception {
    for (int i = 0; i < WARM_UP + MEASURED; i++) {
      for (Variant variant : variants) {
        variant.writeOne(i - WARM_UP);
      }
    }
    for (Variant variant : variants) {
      Arrays.sort(variant.micros);
      System.out.printf(
          "%-20s p50 %5d  p99 %6d%n",
          variant.name, variant.micros[MEASURED / 2], variant.micros[MEASURED * 99 / 100]);
    }
  }

  /** One way to write, with a ledger of its own. */
  private static final class Variant {
    final String name;
    final Write write;
    final Samples samples = new Samples("{\"text\":\"" + "x".repeat(1000) + "\"}");
    final long[] micros = new long[MEASURED];
    Batch batch;

    Variant(String name, Write write, LedgerStore store) throws Exception {
      this.name = name;
      this.write = write;
      this.batch =
          store
              .open("benchmark." + System.nanoTime())
              .toCompletableFuture()
              .get()
              .firstBatch(samples.one(POD));
    }

    void writeOne(int index) throws Exception {
      long begin = System.nanoTime();
      write.run(batch);
      if (index >= 0) {
        micros[index] = (System.nanoTime() - begin) / 1000;
      }
      batch = batch.followedBy(samples.one(POD));
    }
  }

  /** The condition on a static column of the partition, in one batch with the insert. */
  private static Write transaction(CassandraConnection connection) {
    CqlSession session = connection.session();
    String table = connection.keyspace() + ".benchmark_transactions";
    session.execute(
        SimpleStatement.newInstance(
                "CREATE TABLE IF NOT EXISTS "
                    + table
                    + " (ledger text, epoch bigint static, number bigint, content blob,"
                    + " PRIMARY KEY (ledger, number))")
            .setTimeout(Duration.ofSeconds(30)));
    PreparedStatement begin =
        session.prepare("INSERT INTO " + table + " (ledger, epoch) VALUES (?, ?)");
    PreparedStatement write =
        session.prepare(
            SimpleStatement.newInstance(
                    "BEGIN BATCH UPDATE "
                        + table
                        + " SET epoch = :epoch WHERE ledger = :ledger IF epoch = :epoch; INSERT"
                        + " INTO "
                        + table
                        + " (ledger, number, content) VALUES (:ledger, :number, :content);"
                        + " APPLY BATCH")
                .setSerialConsistencyLevel(ConsistencyLevel.LOCAL_SERIAL));
    return batch -> {
      if (batch.number() == 1) {
        session.execute(begin.bind(batch.ledger(), batch.epoch()));
      }
      boolean applied =
          session
              .executeAsync(
                  write
                      .bind()
                      .setString("ledger", batch.ledger())
                      .setLong("epoch", batch.epoch())
                      .setLong("number", batch.number())
                      .setByteBuffer("content", BatchCodec.encode(batch)))
              .toCompletableFuture()
              .get()
              .wasApplied();
      if (!applied) {
        throw new IllegalStateException("not applied");
      }
    };
  }

  /** Many ledgers at once, each with one append under way: what all of them write in a second. */
  private static void throughput(LedgerStore store) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<CompletableFuture<Long>> counts = new ArrayList<>();
    Instant end = Instant.now().plusSeconds(20);
    for (int i = 0; i < WRITERS; i++) {
      CompletableFuture<Long> count = new CompletableFuture<>();
      counts.add(count);
      Thread thread = new Thread(() -> count.complete(writeUntil(store, end)));
      thread.start();
      threads.add(thread);
    }
    long all = 0;
    for (int i = 0; i < WRITERS; i++) {
      threads.get(i).join();
      all += counts.get(i).join();
    }
    System.out.printf("%d writers           %d batches/s%n", WRITERS, all / 20);
  }

  private static long writeUntil(LedgerStore store, Instant end) {
    Samples samples = new Samples("{\"text\":\"" + "x".repeat(1000) + "\"}");
    Batch batch =
        store
            .open("throughput." + System.nanoTime() + Thread.currentThread().getName())
            .toCompletableFuture()
            .join()
            .firstBatch(samples.one(POD));
    long count = 0;
    while (Instant.now().isBefore(end)) {
      store.append(batch).toCompletableFuture().join();
      batch = batch.followedBy(samples.one(POD));
      count++;
    }
    return count;
  }
}
