package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the product stands on dies by SIGKILL in the middle of a rolling update, while others write,
 * on a real node. Needs root.
 */
class RollingUpdateKilledIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int WRITERS = 2;
  private static final int STEADY = 2;
  private static final int ROLLING = 3;

  private static ProductUnderTest product;
  private static Deployments deployments;

  @BeforeAll
  static void start() throws Exception {
    product =
        ProductUnderTest.onContainerd("roll")
            .begin(
                ProductUnderTest::start,
                ProductUnderTest::importImages,
                RollingUpdateKilledIT::deploy);
    deployments = new Deployments(product);
  }

  private static void deploy(ProductUnderTest started) throws IOException {
    new Deployments(started).deploy("steady", STEADY);
    new Deployments(started).deploy("rolling", ROLLING);
  }

  @AfterAll
  static void stop() throws Exception {
    product.close();
  }

  /** What goes wrong once the first new pod is there. */
  private interface Fault {
    void strike() throws Exception;
  }

  @Test
  void theControlPlaneDies() throws Exception {
    List<Integer> restarts =
        duringARollingUpdate(
            "control-plane",
            () -> {
              product.killControlPlane();
              product.startControlPlane();
            });
    assertThat(restarts).containsOnly(0);
  }

  @Test
  void cassandraDies() throws Exception {
    long before = product.cassandraPid();
    List<Integer> restarts =
        duringARollingUpdate(
            "cassandra",
            () -> {
              Programs.signal("KILL", before);
              await()
                  .atMost(PATIENCE)
                  .until(
                      () -> product.cassandraPidNow() != -1 && product.cassandraPidNow() != before);
            });
    assertThat(restarts).containsOnly(0);
  }

  @Test
  void containerdDies() throws Exception {
    long before = product.containerdPid();
    List<Integer> restarts =
        duringARollingUpdate(
            "containerd",
            () -> {
              Programs.signal("KILL", before);
              await()
                  .atMost(PATIENCE)
                  .ignoreExceptionsInstanceOf(IOException.class)
                  .until(() -> product.containerdPid() != before);
            });
    assertThat(restarts).containsOnly(0);
  }

  @Test
  void theShimOfANewPodDies() throws Exception {
    List<Integer> restarts =
        duringARollingUpdate(
            "shim",
            () -> {
              await().atMost(PATIENCE).until(() -> readyOf("shim").isPresent());
              Programs.signal("KILL", new Shims(product).of(readyOf("shim").orElseThrow()));
            });
    assertThat(restarts).filteredOn(count -> count > 0).hasSize(1);
  }

  /** A pod of that update that is ready. */
  private static Optional<JsonNode> readyOf(String update) throws IOException {
    return deployments.pods("rolling").values().stream()
        .filter(
            pod ->
                pod.path("metadata").path("annotations").path("update").asText().equals(update)
                    && ProductUnderTest.condition(pod, "Ready").equals("True"))
        .findFirst();
  }

  /** Answers how often the container of each of the update's pods was started again. */
  private static List<Integer> duringARollingUpdate(String name, Fault fault) throws Exception {
    Map<String, List<String>> before = Deployments.containers(deployments.pods("steady"));
    Watches pods = Watches.open(product.api(), Deployments.PODS);
    Watches configMaps = Watches.open(product.api(), CONFIG_MAPS);
    Writers writers = Writers.start(product.api(), name, WRITERS);
    try (writers) {
      await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > 30);
      deployments.update("rolling", name);
      await("a new pod").atMost(PATIENCE).until(pods::anyAdded);
      fault.strike();
      deployments.awaitRolledOut("rolling", ROLLING);
      int acknowledged = writers.acknowledgedCount();
      await("writes go on")
          .atMost(PATIENCE)
          .until(() -> writers.acknowledgedCount() > acknowledged + 30);
    }
    assertThat(writers.lost()).isEmpty();
    pods.resume();
    configMaps.resume();
    configMaps.assertEachOnce(writers);
    pods.assertNoNameTwice();
    pods.close();
    configMaps.close();
    assertThat(Deployments.containers(deployments.pods("steady"))).isEqualTo(before);
    await("as many sandboxes as pods")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(new Shims(product).all()).hasSize(STEADY + ROLLING));
    WholeJournal.verify(product, 100);
    return deployments.pods("rolling").values().stream()
        .map(pod -> Deployments.container(pod).path("restartCount").asInt())
        .toList();
  }
}
