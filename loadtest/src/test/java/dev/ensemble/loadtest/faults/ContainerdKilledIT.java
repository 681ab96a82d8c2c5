package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the node stands on dies by SIGKILL: containerd, a shim, the agent. Needs root. */
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
    assertSame(before, pod("steady"));
    assertServes(before);
  }

  @Test
  void containersGoOnWhileTheAgentDiesAndComesBack() throws Exception {
    JsonNode before = run("kept");
    product.killAgent();
    assertServes(before);
    product.startAgent();
    run("after-agent");
    assertSame(before, pod("kept"));
    assertServes(before);
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
        if (Programs.run(List.of("grep", "-l", uid, "-r", "/proc/" + pid + "/cgroup")).code() == 0
            || childrenAreIn(pid, uid)) {
          return pid;
        }
      }
    }
    throw new AssertionError("no shim of " + uid);
  }

  private static boolean childrenAreIn(long pid, String uid) throws IOException {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::children)
        .map(child -> java.nio.file.Path.of("/proc", Long.toString(child.pid()), "cgroup"))
        .anyMatch(file -> contains(file, uid));
  }

  private static boolean contains(java.nio.file.Path file, String text) {
    try {
      return java.nio.file.Files.readString(file).contains(text);
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

  private static void assertSame(JsonNode before, JsonNode after) {
    assertThat(after.path("metadata").path("uid")).isEqualTo(before.path("metadata").path("uid"));
    assertThat(container(after)).isEqualTo(container(before));
    assertThat(ProductUnderTest.condition(after, "Ready")).isEqualTo("True");
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
