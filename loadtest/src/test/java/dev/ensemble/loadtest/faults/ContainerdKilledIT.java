package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    product = ProductUnderTest.onContainerd("ctd");
    try {
      product.start();
      product.importImages();
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
    long nginx = Long.parseLong(child(shim(killed), "nginx"));
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
                container(pod("killed")).path("restartCount").asInt() == 1
                    && ProductUnderTest.condition(pod("killed"), "Ready").equals("True"));
    JsonNode ended = container(pod("killed")).path("lastState").path("terminated");
    assertThat(ended.path("exitCode").asInt()).isEqualTo(137);
    run("after-control-plane");
    assertSame(untouched);
  }

  private static String child(long parent, String program) throws IOException {
    for (String line :
        Programs.output(List.of("ps", "-o", "pid=,args=", "--ppid", Long.toString(parent)))
            .split("\n", -1)) {
      if (line.contains(program)) {
        return line.strip().split(" ", 2)[0];
      }
    }
    throw new AssertionError(parent + " has no child " + program);
  }

  @Test
  void aPodWhoseShimIsKilledIsStartedAgainAndSaysWhy() throws Exception {
    JsonNode before = run("shimless");
    Programs.signal("KILL", shim(before));
    await("the container is started again")
        .atMost(PATIENCE)
        .until(
            () ->
                container(pod("shimless")).path("restartCount").asInt() > 0
                    && ProductUnderTest.condition(pod("shimless"), "Ready").equals("True"));
    JsonNode after = pod("shimless");
    assertThat(after.path("metadata").path("uid")).isEqualTo(before.path("metadata").path("uid"));
    assertThat(container(after).path("containerID"))
        .isNotEqualTo(container(before).path("containerID"));
    JsonNode ended = container(after).path("lastState").path("terminated");
    assertThat(ended.path("containerID")).isEqualTo(container(before).path("containerID"));
    assertThat(ended.path("exitCode").asInt()).isNotZero();
    assertThat(ended.path("reason").asText()).isNotEmpty();
    assertServes(after);
  }

  /** The shim has the sandbox's id in its arguments; the container's process is its child. */
  private static long shim(JsonNode pod) throws IOException {
    String uid = pod.path("metadata").path("uid").asText();
    for (String line : Programs.output(List.of("ps", "-eo", "pid,args", "-ww")).split("\n", -1)) {
      if (line.contains("containerd-shim")
          && line.contains("-address " + product.containerdHome())) {
        long pid = Long.parseLong(line.strip().split(" ", 2)[0]);
        if (childrenAreIn(pid, uid)) {
          return pid;
        }
      }
    }
    throw new AssertionError("no shim of " + uid);
  }

  private static boolean childrenAreIn(long pid, String uid) throws IOException {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::children)
        .map(child -> Path.of("/proc", Long.toString(child.pid()), "cgroup"))
        .anyMatch(file -> contains(file, uid));
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      return false;
    }
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

  private static JsonNode container(JsonNode pod) {
    return pod.path("status").path("containerStatuses").path(0);
  }

  /** The pod is ready, soon if not at once, and its container is the one that it was. */
  private static void assertSame(JsonNode before) throws IOException {
    String name = before.path("metadata").path("name").asText();
    await(name + " is ready again")
        .atMost(PATIENCE)
        .until(() -> ProductUnderTest.condition(pod(name), "Ready").equals("True"));
    JsonNode after = pod(name);
    assertThat(after.path("metadata").path("uid")).isEqualTo(before.path("metadata").path("uid"));
    assertThat(container(after)).isEqualTo(container(before));
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
