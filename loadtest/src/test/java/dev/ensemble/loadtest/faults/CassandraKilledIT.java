package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cassandra dies or stands still in the middle of writes; the control plane stays. */
class CassandraKilledIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration STANDSTILL = Duration.ofSeconds(30);
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int WRITERS = 4;

  private static ProductUnderTest product;

  @BeforeAll
  static void start() throws Exception {
    product = ProductUnderTest.simulated("cassandra").begin(ProductUnderTest::start);
  }

  @AfterAll
  static void stop() throws Exception {
    product.close();
  }

  @Test
  void whatWasAcknowledgedIsThereAfterCassandraWasKilledAndStartedAgain() throws Exception {
    long before = product.cassandraPid();
    Writers writers = Writers.start(product.api(), "killed", WRITERS);
    try (writers) {
      await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > 100);
      Programs.signal("KILL", before);
      await()
          .atMost(PATIENCE)
          .until(() -> product.cassandraPidNow() != -1 && product.cassandraPidNow() != before);
      int failed = writers.acknowledgedCount();
      await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > failed + 50);
    }
    Writers.assertClear(writers.failures());
    assertThat(writers.lost()).isEmpty();
    writers.assertKnown();
    await().atMost(PATIENCE).until(() -> product.api().get("/readyz").accepted());
  }

  @Test
  void readsAreAnsweredWhileCassandraStandsStillAndWritesGoOnAfterIt() throws Exception {
    long pid = product.cassandraPid();
    Writers writers = Writers.start(product.api(), "still", WRITERS);
    try (writers) {
      await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > 50);
      Programs.signal("STOP", pid);
      try {
        await()
            .pollInterval(Duration.ofMillis(500))
            .during(STANDSTILL)
            .atMost(STANDSTILL.plusSeconds(20))
            .until(CassandraKilledIT::aReadIsAnsweredSoon);
      } finally {
        Programs.signal("CONT", pid);
      }
      assertThat(writers.failures()).as("writes while nothing could be written").isNotEmpty();
      int acknowledged = writers.acknowledgedCount();
      await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > acknowledged + 50);
    }
    Writers.assertClear(writers.failures());
    assertThat(writers.lost()).isEmpty();
    writers.assertKnown();
    assertThat(product.cassandraPid()).isEqualTo(pid);
    await().atMost(PATIENCE).until(() -> product.api().get("/readyz").accepted());
  }

  private static boolean aReadIsAnsweredSoon() throws IOException {
    Instant begin = Instant.now();
    boolean answered =
        product.api().get(CONFIG_MAPS + "?limit=10").accepted()
            && product.api().get(CONFIG_MAPS + "/kube-root-ca.crt").accepted();
    return answered && Duration.between(begin, Instant.now()).compareTo(Duration.ofSeconds(5)) < 0;
  }
}
