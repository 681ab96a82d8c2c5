package dev.ensemble.persistence.ledger.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraNode;
import dev.ensemble.persistence.cassandra.CassandraWatch;
import dev.ensemble.persistence.cassandra.EmbeddedCassandra;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Samples;
import dev.ensemble.persistence.ledger.Tenure;
import dev.ensemble.persistence.ledger.UnknownOutcomeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CassandraNode.class)
class CassandraFailureIT {
  private static final String POD = "pods/default/a";

  private final String ledger = "failing." + System.nanoTime();
  private final Samples samples = new Samples("{\"text\":\"" + "x".repeat(1000) + "\"}");

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void whatWasAcknowledgedIsThereAfterTheNodeWasKilledAndStartedAgain() throws Exception {
    EmbeddedCassandra node = CassandraNode.node();
    node.start();
    List<Batch> acknowledged = new ArrayList<>();
    try (CassandraConnection connection = CassandraConnection.open(CassandraNode.settings("5s"))) {
      LedgerStore store = CassandraLedgerStore.over(connection);
      Batch batch = await(store.open(ledger)).firstBatch(samples.one(POD));
      for (int i = 0; i < 200; i++) {
        await(store.append(batch));
        acknowledged.add(batch);
        batch = batch.followedBy(samples.one(POD));
      }
      try (CassandraWatch watch =
          new CassandraWatch(node, CassandraNode.settings("5s").embedded())) {
        long killed = node.running().orElseThrow().pid();
        node.running().orElseThrow().destroyForcibly();
        Awaitility.await().atMost(Duration.ofSeconds(150)).until(() -> watch.restarts() == 1);
        assertThat(node.running().orElseThrow().pid()).isNotEqualTo(killed);
      }
      // The same session finds the node again.
      Tenure tenure =
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .ignoreExceptions()
              .until(() -> await(store.open(ledger)), opened -> true);
      assertThat(tenure.lastBatch()).isEqualTo(200);
      List<Batch> read = new ArrayList<>();
      await(store.readBatches(ledger, 0, read::add));
      assertThat(read).isEqualTo(acknowledged);
    }
  }

  @Test
  void anAppendToANodeThatStandsStillHasAnUnknownOutcomeAfterTheTimeout() throws Exception {
    EmbeddedCassandra node = CassandraNode.node();
    node.start();
    long pid = node.running().orElseThrow().pid();
    try (CassandraConnection connection = CassandraConnection.open(CassandraNode.settings("1s"))) {
      LedgerStore store = CassandraLedgerStore.over(connection);
      Batch first = await(store.open(ledger)).firstBatch(samples.one(POD));
      await(store.append(first));
      Batch second = first.followedBy(samples.one(POD));
      signal("-STOP", pid);
      Instant begin = Instant.now();
      try {
        assertThatThrownBy(() -> await(store.append(second)))
            .hasCauseInstanceOf(UnknownOutcomeException.class);
        assertThat(Duration.between(begin, Instant.now()))
            .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
      } finally {
        signal("-CONT", pid);
      }
      // The next tenure says what became of it.
      Tenure tenure =
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .ignoreExceptions()
              .until(() -> await(store.open(ledger)), opened -> true);
      List<Batch> read = new ArrayList<>();
      await(store.readBatches(ledger, 0, read::add));
      assertThat(read).isEqualTo(tenure.lastBatch() == 2 ? List.of(first, second) : List.of(first));
    }
  }

  private static void signal(String signal, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void aRunningNodeIsTakenOver() {
    EmbeddedCassandra first = CassandraNode.node();
    first.start();
    EmbeddedCassandra second = CassandraNode.node();
    second.start();
    assertThat(second.running().map(ProcessHandle::pid))
        .isEqualTo(first.running().map(ProcessHandle::pid));
  }
}
