package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.loadtest.machine.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The sample as the README has it, with kubectl on a real containerd. Needs root. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WebAppIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String PODS = "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb-app";
  private static final Path SAMPLE =
      Path.of(System.getProperty("basedir", ""))
          .toAbsolutePath()
          .resolveSibling("k8s/samples/web-app");

  private static ProductUnderTest product;

  @BeforeAll
  static void start() throws Exception {
    product =
        ProductUnderTest.onContainerd("web")
            .begin(ProductUnderTest::start, ProductUnderTest::importImages, WebAppIT::apply);
  }

  private static void apply(ProductUnderTest started) throws IOException {
    Programs.Ended applied = started.kubectl("apply", "-f", SAMPLE.toString());
    assertThat(applied.output())
        .contains("deployment.apps/web-app created", "service/web-app created");
  }

  @AfterAll
  static void stop() throws Exception {
    product.close();
  }

  @Test
  @Order(1)
  void threePodsOfTwoContainersGetReady() throws Exception {
    kubectl("rollout", "status", "deployment/web-app", "--timeout=90s");
    assertThat(pods()).hasSize(3);
    assertThat(pods())
        .allSatisfy(
            pod -> {
              assertThat(ProductUnderTest.condition(pod, "Ready")).isEqualTo("True");
              assertThat(pod.path("status").path("containerStatuses"))
                  .hasSize(2)
                  .allSatisfy(
                      container -> {
                        assertThat(container.path("ready").asBoolean()).isTrue();
                        assertThat(container.path("restartCount").asInt(-1)).isZero();
                      });
            });
    assertThat(kubectl("get", "pods")).containsPattern("web-app-\\S+ +2/2 +Running +0 ");
  }

  @Test
  @Order(2)
  void theServiceAnswersOnItsAddressesAndPorts() throws Exception {
    JsonNode spec =
        product.api().get("/api/v1/namespaces/default/services/web-app").object().path("spec");
    String nodePort = spec.path("ports").path(0).path("nodePort").asText();
    for (String address :
        List.of(
            spec.path("clusterIP").asText() + ":80",
            "127.0.0.1:" + nodePort,
            product.address() + ":" + nodePort,
            "127.0.0.1:80")) {
      await(address)
          .atMost(PATIENCE)
          .until(
              () ->
                  Programs.run(product.inside("curl", "-sS", "-m", "5", "http://" + address + "/"))
                      .output()
                      .contains("Welcome to nginx"));
    }
  }

  @Test
  @Order(3)
  void logsExecAndDescribeReachAPod() throws Exception {
    String pod = pods().get(0).path("metadata").path("name").asText();
    assertThat(kubectl("exec", pod, "-c", "nginx", "--", "sh", "-c", "echo in; echo to >&2"))
        .contains("in\n", "to\n");
    Programs.Ended failed =
        product.kubectl("exec", pod, "-c", "nodejs", "--", "sh", "-c", "exit 7");
    assertThat(failed.code()).isEqualTo(7);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                kubectl("logs", "-l", "app=web-app", "-c", "nginx", "--tail=-1")
                    .contains("GET / HTTP/1.1"));
    assertThat(kubectl("describe", "pod", pod))
        .contains("Image:", "nginx:1.14.2", "nodejs:10.15.0", "Successfully assigned", "Started");
  }

  @Test
  @Order(4)
  void portForwardLeadsIntoAPod() throws Exception {
    Process forward =
        new ProcessBuilder(product.kubectlCommand("port-forward", "deployment/web-app", ":3000"))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(forward.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      assertThat(line).startsWith("Forwarding from 127.0.0.1:");
      String port = line.replaceAll("Forwarding from 127.0.0.1:(\\d+).*", "$1");
      assertThat(
              Programs.output(
                  product.inside("curl", "-sS", "-m", "20", "http://127.0.0.1:" + port + "/")))
          .contains("visits.log");
    } finally {
      forward.destroy();
      forward.waitFor();
    }
  }

  @Test
  @Order(5)
  void scaleRestartAndUndo() throws Exception {
    kubectl("scale", "deployment/web-app", "--replicas=1");
    await().atMost(PATIENCE).until(() -> pods().size() == 1);
    String before = pods().get(0).path("metadata").path("uid").asText();
    kubectl("rollout", "restart", "deployment/web-app");
    kubectl("rollout", "status", "deployment/web-app", "--timeout=90s");
    await().atMost(PATIENCE).until(() -> pods().size() == 1);
    assertThat(pods().get(0).path("metadata").path("uid").asText()).isNotEqualTo(before);
    assertThat(annotations()).hasSize(1);
    kubectl("rollout", "undo", "deployment/web-app");
    kubectl("rollout", "status", "deployment/web-app", "--timeout=90s");
    assertThat(annotations()).isEmpty();
    assertThat(kubectl("rollout", "history", "deployment/web-app")).contains("2", "3");
  }

  private static JsonNode annotations() throws IOException {
    return product
        .api()
        .get("/apis/apps/v1/namespaces/default/deployments/web-app")
        .object()
        .path("spec")
        .path("template")
        .path("metadata")
        .path("annotations");
  }

  @Test
  @Order(6)
  void deletedMeansGone() throws Exception {
    kubectl("delete", "-f", SAMPLE.toString());
    await().atMost(PATIENCE).until(() -> pods().isEmpty());
    for (String kind :
        List.of(
            "apps/v1/namespaces/default/replicasets",
            "discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name%3Dweb-app")) {
      await(kind)
          .atMost(PATIENCE)
          .until(() -> product.api().get("/apis/" + kind).object().path("items").isEmpty());
    }
    await("no container is left").atMost(PATIENCE).until(() -> new Shims(product).all().isEmpty());
  }

  @Test
  @Order(7)
  void afterDownNothingIsLeftOfTheNode() throws Exception {
    kubectl("run", "left", "--image=nginx:1.14.2");
    kubectl("wait", "--for=condition=Ready", "pod/left", "--timeout=90s");
    product.endNode();
    assertThat(Programs.output(product.inside("nft", "list", "tables")))
        .doesNotContain(ProductSettings.NFT_TABLE);
    assertThat(Programs.output(product.inside("ip", "link")))
        .doesNotContain(ProductSettings.BRIDGE);
    assertThat(Programs.output(product.inside("ip", "route"))).doesNotContain("unreachable");
    assertThat(new Shims(product).all()).isEmpty();
    assertThat(Shims.processesNaming(product.containerdHome().toString())).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(product.containerdHome().toString(), product.folder().toString());
    try (Stream<Path> cgroups = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
      assertThat(cgroups.filter(path -> path.endsWith(ProductSettings.CGROUP))).isEmpty();
    }
  }

  @Test
  @Order(8)
  void nothingOfThisWasAnErrorToTheLogs() throws Exception {
    for (String log : List.of("control-plane.log", "agent.log")) {
      assertThat(Files.readAllLines(product.folder().resolve("log").resolve(log)))
          .noneMatch(line -> line.contains("ERROR"));
    }
  }

  /** Those that are not on their way out. */
  private static List<JsonNode> pods() throws IOException {
    List<JsonNode> pods = new ArrayList<>();
    for (JsonNode pod : product.api().get(PODS).object().path("items")) {
      if (!pod.path("metadata").has("deletionTimestamp")) {
        pods.add(pod);
      }
    }
    return pods;
  }

  private static String kubectl(String... arguments) throws IOException {
    Programs.Ended ended = product.kubectl(arguments);
    assertThat(ended.code()).as(String.join(" ", arguments) + ": " + ended.output()).isZero();
    return ended.output();
  }
}
