package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraSettings;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.cassandra.CassandraLedgerStore;
import dev.ensemble.persistence.verify.JournalVerifier;
import dev.ensemble.persistence.verify.VerificationReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The control plane dies by SIGKILL in the middle of writes and of a rolling update. */
class ControlPlaneKilledIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final int WRITERS = 3;
  private static final int ROLLING = 6;

  private static ProductUnderTest product;

  @BeforeAll
  static void start() throws Exception {
    product = ProductUnderTest.simulated("control-plane");
    try {
      product.start();
    } catch (Exception | AssertionError e) {
      product.close();
      throw e;
    }
  }

  @AfterAll
  static void stop() throws Exception {
    product.close();
  }

  @Test
  void nothingAcknowledgedIsLostAndNothingIsDoneTwice() throws Exception {
    deploy("steady", 4);
    deploy("rolling", ROLLING);
    Map<String, JsonNode> steadyBefore = pods("steady");
    long configMapsBefore = listRevision(CONFIG_MAPS);
    long podsBefore = listRevision(PODS);

    WatchRecorder cut = WatchRecorder.after(product.api(), CONFIG_MAPS, configMapsBefore);
    WatchRecorder podsCut = WatchRecorder.after(product.api(), PODS, podsBefore);
    Writers writers = Writers.start(product.api(), "w", WRITERS);
    await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > 100);
    int scaledTo = rollAndScaleUntilUnderWay(podsCut);
    product.killControlPlane();
    await().atMost(PATIENCE).until(() -> cut.ended() && podsCut.ended());
    await().atMost(PATIENCE).until(() -> !writers.failures().isEmpty());
    writers.close();

    product.startControlPlane();
    assertThat(writers.lost()).isEmpty();
    try (Writers again = Writers.start(product.api(), "again", WRITERS)) {
      await().atMost(PATIENCE).until(() -> again.acknowledgedCount() > 50);
    }
    awaitRolledOut("rolling", scaledTo);

    try (WatchRecorder resumed =
            WatchRecorder.after(product.api(), CONFIG_MAPS, cut.lastRevision());
        WatchRecorder podsResumed =
            WatchRecorder.after(product.api(), PODS, podsCut.lastRevision())) {
      theWatchesTogetherSayEachWriteOnce(writers, cut, resumed);
      noNameIsGivenTwice(podsCut, podsResumed);
    }
    assertThat(containers(pods("steady"))).isEqualTo(containers(steadyBefore));
    assertThat(pods("rolling")).hasSize(scaledTo);
    theJournalIsWhole();
  }

  private static void deploy(String name, int replicas) throws IOException {
    product
        .api()
        .post(
            DEPLOYMENTS,
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%1$s"},
             "spec":{"replicas":%2$d,"selector":{"matchLabels":{"app":"%1$s"}},
              "template":{"metadata":{"labels":{"app":"%1$s"}},
               "spec":{"terminationGracePeriodSeconds":1,
                "containers":[{"name":"c","image":"nginx:1.14.2"}]}}}}
            """
                .formatted(name, replicas))
        .object();
    awaitRolledOut(name, replicas);
  }

  /** Begins a rolling update, scales while it goes on; answers the last acknowledged scale. */
  private static int rollAndScaleUntilUnderWay(WatchRecorder pods) throws IOException {
    product
        .api()
        .merge(
            DEPLOYMENTS + "/rolling",
            """
            {"spec":{"template":{"spec":{"containers":[{"name":"c","image":"nginx:1.15.0"}]}}}}
            """)
        .object();
    int replicas = ROLLING;
    for (int to : List.of(ROLLING + 3, ROLLING + 1, ROLLING + 4)) {
      replicas =
          product
              .api()
              .merge(DEPLOYMENTS + "/rolling/scale", "{\"spec\":{\"replicas\":%d}}".formatted(to))
              .object()
              .path("spec")
              .path("replicas")
              .asInt();
      assertThat(replicas).isEqualTo(to);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> pods.changes().stream().anyMatch(c -> c.type().equals("ADDED")));
    return replicas;
  }

  private static void awaitRolledOut(String name, int replicas) {
    await(name + " is rolled out")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode object = product.api().get(DEPLOYMENTS + "/" + name).object();
              JsonNode status = object.path("status");
              assertThat(
                      List.of(
                          object.path("spec").path("replicas").asInt(),
                          status.path("replicas").asInt(),
                          status.path("updatedReplicas").asInt(),
                          status.path("availableReplicas").asInt()))
                  .as(status.toString())
                  .containsOnly(replicas);
              assertThat(status.path("observedGeneration"))
                  .isEqualTo(object.path("metadata").path("generation"));
              assertThat(pods(name)).hasSize(replicas);
            });
  }

  private static long listRevision(String path) throws IOException {
    return Long.parseLong(product.api().get(path).revision());
  }

  private static Map<String, JsonNode> pods(String app) throws IOException {
    Map<String, JsonNode> pods = new TreeMap<>();
    for (JsonNode pod :
        product.api().get(PODS + "?labelSelector=app%3D" + app).object().path("items")) {
      pods.put(pod.path("metadata").path("name").asText(), pod);
    }
    return pods;
  }

  /** By pod: uid, container's id, restarts. */
  private static Map<String, List<String>> containers(Map<String, JsonNode> pods) {
    Map<String, List<String>> containers = new TreeMap<>();
    pods.forEach(
        (name, pod) -> {
          JsonNode container = pod.path("status").path("containerStatuses").path(0);
          assertThat(container.path("containerID").asText()).isNotEmpty();
          assertThat(container.path("restartCount").asInt(-1)).isZero();
          containers.put(
              name,
              List.of(
                  pod.path("metadata").path("uid").asText(),
                  container.path("containerID").asText()));
        });
    return containers;
  }

  private static void theWatchesTogetherSayEachWriteOnce(
      Writers writers, WatchRecorder cut, WatchRecorder resumed) {
    Set<Long> written = new HashSet<>();
    writers
        .revisions()
        .values()
        .forEach(
            revisions -> {
              assertThat(revisions).isSorted().doesNotHaveDuplicates();
              written.addAll(revisions);
            });
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              List<Long> seen = new ArrayList<>();
              cut.changes().forEach(change -> seen.add(change.revision()));
              resumed.changes().forEach(change -> seen.add(change.revision()));
              assertThat(seen).isSorted().doesNotHaveDuplicates();
              written.removeAll(seen);
              assertThat(written).as("acknowledged, but in no watch").isEmpty();
            });
  }

  private static void noNameIsGivenTwice(WatchRecorder cut, WatchRecorder resumed) {
    Map<String, Set<String>> uids = new HashMap<>();
    List<WatchRecorder.Change> all = new ArrayList<>(cut.changes());
    all.addAll(resumed.changes());
    all.forEach(
        change -> uids.computeIfAbsent(change.name(), name -> new HashSet<>()).add(change.uid()));
    assertThat(uids).allSatisfy((name, each) -> assertThat(each).hasSize(1));
  }

  private static void theJournalIsWhole() {
    try (CassandraConnection connection =
            CassandraConnection.open(CassandraSettings.from(product.config()));
        LedgerStore store = CassandraLedgerStore.over(connection)) {
      long events = 0;
      for (var type : BuiltInResources.types().stored()) {
        VerificationReport report =
            JournalVerifier.verify(store, type.name().toString()).toCompletableFuture().join();
        assertThat(report.fault()).as(type.name().toString()).isEmpty();
        events += report.events();
      }
      assertThat(events).isGreaterThan(200);
    }
  }
}
