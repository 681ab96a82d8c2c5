package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The control plane dies by SIGKILL in the middle of writes and of a rolling update. */
class ControlPlaneKilledIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int WRITERS = 3;
  private static final int ROLLING = 6;

  private static ProductUnderTest product;

  @BeforeAll
  static void start() throws Exception {
    product = ProductUnderTest.simulated("control-plane").begin(ProductUnderTest::start);
  }

  @AfterAll
  static void stop() throws Exception {
    product.close();
  }

  @Test
  void nothingAcknowledgedIsLostAndNothingIsDoneTwice() throws Exception {
    Deployments deployments = new Deployments(product);
    deployments.deploy("steady", 4);
    deployments.deploy("rolling", ROLLING);
    Map<String, JsonNode> steadyBefore = deployments.pods("steady");
    Watches configMaps = Watches.open(product.api(), CONFIG_MAPS);
    Watches pods = Watches.open(product.api(), Deployments.PODS);
    Writers writers = Writers.start(product.api(), "w", WRITERS);
    await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > 100);
    int scaledTo = rollAndScaleUntilUnderWay(pods);
    product.killControlPlane();
    await().atMost(PATIENCE).until(() -> configMaps.ended() && pods.ended());
    await().atMost(PATIENCE).until(() -> !writers.failures().isEmpty());
    writers.close();

    product.startControlPlane();
    assertThat(writers.lost()).isEmpty();
    try (Writers again = Writers.start(product.api(), "again", WRITERS)) {
      await().atMost(PATIENCE).until(() -> again.acknowledgedCount() > 50);
    }
    deployments.awaitRolledOut("rolling", scaledTo);

    configMaps.resume();
    pods.resume();
    configMaps.assertEachOnce(writers);
    pods.assertNoNameTwice();
    configMaps.close();
    pods.close();
    assertThat(Deployments.containers(deployments.pods("steady")))
        .isEqualTo(Deployments.containers(steadyBefore));
    WholeJournal.verify(product, 200);
  }

  /** Begins a rolling update, scales while it goes on; answers the last acknowledged scale. */
  private static int rollAndScaleUntilUnderWay(Watches pods) throws IOException {
    product
        .api()
        .merge(
            Deployments.PATH + "/rolling",
            """
            {"spec":{"template":{"spec":{"containers":[{"name":"c","image":"nginx:1.15.0"}]}}}}
            """)
        .object();
    int replicas = ROLLING;
    for (int to : List.of(ROLLING + 3, ROLLING + 1, ROLLING + 4)) {
      replicas =
          product
              .api()
              .merge(
                  Deployments.PATH + "/rolling/scale", "{\"spec\":{\"replicas\":%d}}".formatted(to))
              .object()
              .path("spec")
              .path("replicas")
              .asInt();
      assertThat(replicas).isEqualTo(to);
    }
    await().atMost(PATIENCE).until(pods::anyAdded);
    return replicas;
  }
}
