package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a node stands on dies by SIGKILL: containerd, a shim, the agent, the API. Needs root. */
class ContainerdKilledIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String PODS = "/api/v1/namespaces/default/pods";

  private static ProductUnderTest product;

  @BeforeAll
  static void start() throws Exception {
    product =
        ProductUnderTest.onContainerd("ctd")
            .begin(ProductUnderTest::start, ProductUnderTest::importImages);
  }

  @AfterAll
  static void stop() throws Exception {
    product.close();
  }

  @Test
  void containersGoOnWhileContainerdDiesAndComesBack() throws Exception {
    JsonNode before = run("steady");
    long pid = product.containerdPid();
    Programs.signal("KILL", pid);
    assertServes(before);
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> product.containerdPid() != pid);
    run("afterwards");
    assertSame(before);
    assertServes(before);
  }

  @Test
  void podsAreReadyAgainWithTheirNodeAfterContainerdWasAwayForLong() throws Exception {
    JsonNode before = run("patient");
    product.takeContainerd();
    Programs.signal("KILL", product.containerdPid());
    try {
      await("the pod is not ready, for its node is not")
          .atMost(PATIENCE)
          .until(() -> ProductUnderTest.condition(pod("patient"), "Ready").equals("False"));
      assertServes(before);
    } finally {
      product.putContainerd();
    }
    assertSame(before);
  }

  @Test
  void containersGoOnWhileTheAgentDiesAndComesBack() throws Exception {
    JsonNode before = run("kept");
    product.killAgent();
    assertServes(before);
    product.startAgent();
    run("after-agent");
    assertSame(before);
    assertServes(before);
  }

  @Test
  void whatHappensWhileTheControlPlaneIsAwayIsKnownAfterwards() throws Exception {
    JsonNode untouched = run("untouched");
    JsonNode killed = run("killed");
    product.killControlPlane();
    assertServes(untouched);
    // The server in the container is the shim's child beside the sandbox's pause.
    long nginx = new Shims(product).process(killed, "nginx");
    Programs.signal("KILL", nginx);
    await()
        .atMost(PATIENCE)
        .until(() -> !ProcessHandle.of(nginx).map(ProcessHandle::isAlive).orElse(false));
    assertServes(killed);
    product.startControlPlane();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Deployments.container(pod("killed")).path("restartCount").asInt() == 1
                    && ProductUnderTest.condition(pod("killed"), "Ready").equals("True"));
    JsonNode ended = Deployments.container(pod("killed")).path("lastState").path("terminated");
    assertThat(ended.path("exitCode").asInt()).isEqualTo(137);
    run("after-control-plane");
    assertSame(untouched);
  }

  @Test
  void aPodWhoseShimIsKilledIsStartedAgainAndSaysWhy() throws Exception {
    JsonNode before = run("shimless");
    Programs.signal("KILL", new Shims(product).of(before));
    await("the container is started again")
        .atMost(PATIENCE)
        .until(
            () ->
                Deployments.container(pod("shimless")).path("restartCount").asInt() > 0
                    && ProductUnderTest.condition(pod("shimless"), "Ready").equals("True"));
    JsonNode after = pod("shimless");
    assertThat(after.path("metadata").path("uid")).isEqualTo(before.path("metadata").path("uid"));
    assertThat(Deployments.container(after).path("containerID"))
        .isNotEqualTo(Deployments.container(before).path("containerID"));
    JsonNode ended = Deployments.container(after).path("lastState").path("terminated");
    assertThat(ended.path("containerID"))
        .isEqualTo(Deployments.container(before).path("containerID"));
    assertThat(ended.path("exitCode").asInt()).isNotZero();
    assertThat(ended.path("reason").asText()).isNotEmpty();
    assertServes(after);
  }

  /** Runs a pod that serves and answers it when it is ready. */
  private static JsonNode run(String name) throws IOException {
    product
        .api()
        .post(
            PODS,
            """
            {"metadata":{"name":"%s"},"spec":{"terminationGracePeriodSeconds":1,
             "containers":[{"name":"c","image":"nginx:1.14.2"}]}}
            """
                .formatted(name))
        .object();
    await(name + " is ready")
        .atMost(PATIENCE)
        .until(() -> ProductUnderTest.condition(pod(name), "Ready").equals("True"));
    return pod(name);
  }

  private static JsonNode pod(String name) throws IOException {
    return product.api().get(PODS + "/" + name).object();
  }

  /** The pod is ready, soon if not at once, and its container is the one that it was. */
  private static void assertSame(JsonNode before) throws IOException {
    String name = before.path("metadata").path("name").asText();
    await(name + " is ready again")
        .atMost(PATIENCE)
        .until(() -> ProductUnderTest.condition(pod(name), "Ready").equals("True"));
    JsonNode after = pod(name);
    assertThat(after.path("metadata").path("uid")).isEqualTo(before.path("metadata").path("uid"));
    assertThat(Deployments.container(after)).isEqualTo(Deployments.container(before));
  }

  private static void assertServes(JsonNode pod) throws IOException {
    String address = "http://" + pod.path("status").path("podIP").asText() + "/";
    await(address)
        .atMost(PATIENCE)
        .until(
            () ->
                Programs.run(product.inside("curl", "-sS", "-m", "5", address))
                    .output()
                    .contains("Welcome to nginx"));
  }
}
