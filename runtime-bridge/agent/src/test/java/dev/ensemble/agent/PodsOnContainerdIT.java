package dev.ensemble.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.protocol.ToAgent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pods on a real containerd. Needs root. */
class PodsOnContainerdIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static Path folder;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    folder = Files.createTempDirectory("ens-it");
    node = new TestNode(folder);
    node.open();
    node.synced();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
  }

  static ObjectNode pod(String uid, String spec) throws Exception {
    ObjectNode pod = Fields.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", uid).put("namespace", "default").put("uid", uid);
    pod.set("spec", TestNode.JSON.readTree(spec));
    return pod;
  }

  @Test
  void theSamplesPodRunsAndServesUntilItIsDeleted() throws Exception {
    node.tell(new ToAgent.PodDesired(pod("web-1", WEB_APP)));
    await().atMost(PATIENCE).until(() -> node.phase("web-1").equals("Running"));
    String ip = Fields.text(node.status("web-1"), "podIP");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> get("http://" + ip + ":80/").contains("Welcome to nginx"));
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> get("http://" + ip + ":3000/").contains("visits.log"));
    delete("web-1");
    assertThat(Files.exists(node.parts().folders().pod("web-1"))).isFalse();
    assertThat(
            node.events.stream()
                .filter(e -> e.uid().equals("web-1") && e.fieldPath().contains("nginx"))
                .map(e -> e.reason()))
        .containsExactly("Pulled", "Created", "Started", "Killing");
  }

  @Test
  void servicesLeadToPodsAndTheGuardStopsTheRest() throws Exception {
    node.tell(new ToAgent.PodDesired(pod("web-2", WEB_APP)));
    await().atMost(PATIENCE).until(() -> node.phase("web-2").equals("Running"));
    String ip = Fields.text(node.status("web-2"), "podIP");
    ObjectNode service =
        (ObjectNode)
            TestNode.JSON.readTree(
                """
                {"metadata":{"name":"web","namespace":"default"},
                 "spec":{"type":"LoadBalancer","clusterIP":"10.214.0.10",
                  "ports":[{"port":8099,"nodePort":30099,"protocol":"TCP"}]}}
                """);
    ObjectNode slice =
        (ObjectNode)
            TestNode.JSON.readTree(
                """
                {"metadata":{"name":"web-x","namespace":"default",
                  "labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
                 "ports":[{"name":"","port":80,"protocol":"TCP"}],
                 "endpoints":[{"addresses":["%s"],"conditions":{"ready":true},"nodeName":"it-node"}]}
                """
                    .formatted(ip));
    node.tell(new ToAgent.ServicesDesired(List.of(service), List.of(slice)));
    for (String address :
        List.of("10.214.0.10:8099", "127.0.0.1:8099", "127.0.0.1:30099", "10.213.1.1:30099")) {
      await(address)
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> get("http://" + address + "/").contains("Welcome to nginx"));
    }
    String hairpin =
        node.runtime()
            .execSync(
                node.parts()
                    .directory()
                    .find("web-2")
                    .orElseThrow()
                    .facts()
                    .latest("nodejs")
                    .orElseThrow()
                    .id(),
                List.of(
                    "node",
                    "-e",
                    "fetch('http://10.214.0.10:8099/').then(r=>console.log(r.status))"),
                Duration.ofSeconds(20))
            .toCompletableFuture()
            .join()
            .stdout();
    assertThat(hairpin).isEqualTo("200\n");
    for (String unanswered : List.of("10.214.0.99", "10.213.77.7")) {
      assertThatThrownBy(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(unanswered, 80), 3000);
                }
              })
          .as(unanswered)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
    delete("web-2");
  }

  @Test
  void whatCrashesIsStartedAgainAndThenWaits() throws Exception {
    node.tell(
        new ToAgent.PodDesired(
            pod(
                "crash",
                """
                {"containers":[{"name":"c","image":"nginx:1.14.2",
                  "command":["sh","-c","echo $(WHO) > /dev/termination-log; exit 3"],
                  "env":[{"name":"WHO","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}]}
                """)));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Fields.text(container("crash"), "state", "waiting", "reason")
                    .equals("CrashLoopBackOff"));
    JsonNode container = container("crash");
    assertThat(container.path("restartCount").asInt()).isEqualTo(1);
    assertThat(Fields.text(container, "lastState", "terminated", "exitCode")).isEqualTo("3");
    assertThat(Fields.text(container, "lastState", "terminated", "message")).isEqualTo("crash\n");
    assertThat(Fields.text(container, "state", "waiting", "message"))
        .isEqualTo("back-off 10s restarting failed container=c pod=crash_default(crash)");
    delete("crash");
  }

  @Test
  void aRestartedAgentAdoptsWhatRuns() throws Exception {
    node.tell(new ToAgent.PodDesired(pod("stay", WEB_APP)));
    await().atMost(PATIENCE).until(() -> node.phase("stay").equals("Running"));
    String before = Fields.text(container("stay"), "containerID");
    node.stopAgent();
    node.statuses.clear();
    node.startAgent();
    node.open();
    node.tell(new ToAgent.PodDesired(pod("stay", WEB_APP)));
    node.synced();
    await().atMost(PATIENCE).until(() -> node.phase("stay").equals("Running"));
    assertThat(Fields.text(container("stay"), "containerID")).isEqualTo(before);
    assertThat(container("stay").path("restartCount").asInt()).isZero();
    delete("stay");
  }

  @Test
  void aFailingLivenessProbeRestartsAndReadinessIsTold() throws Exception {
    node.tell(
        new ToAgent.PodDesired(
            pod(
                "probed",
                """
                {"terminationGracePeriodSeconds":1,"containers":[{"name":"c","image":"nginx:1.14.2",
                  "readinessProbe":{"httpGet":{"path":"/","port":80},"periodSeconds":1},
                  "livenessProbe":{"exec":{"command":["sh","-c","test ! -e /tmp/sick"]},
                    "periodSeconds":1,"failureThreshold":1,"timeoutSeconds":5}}]}
                """)));
    await().atMost(PATIENCE).until(() -> container("probed").path("ready").asBoolean());
    node.runtime()
        .execSync(
            node.parts()
                .directory()
                .find("probed")
                .orElseThrow()
                .facts()
                .latest("c")
                .orElseThrow()
                .id(),
            List.of("touch", "/tmp/sick"),
            Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
    await().atMost(PATIENCE).until(() -> container("probed").path("restartCount").asInt() == 1);
    assertThat(node.events).anyMatch(e -> e.reason().equals("Unhealthy"));
    delete("probed");
  }

  private static final String WEB_APP =
      """
      {"containers":[
        {"name":"nginx","image":"nginx:1.14.2","ports":[{"containerPort":80}]},
        {"name":"nodejs","image":"nodejs:10.15.0",
         "volumeMounts":[{"name":"app-data","mountPath":"/usr/src/app"}]}],
       "volumes":[{"name":"app-data","emptyDir":{}}]}
      """;

  private static JsonNode container(String uid) {
    return node.status(uid).path("containerStatuses").path(0);
  }

  private static void delete(String uid) throws Exception {
    ObjectNode deleted = node.parts().directory().find(uid).orElseThrow().pod().object().deepCopy();
    ((ObjectNode) deleted.path("metadata"))
        .put("deletionTimestamp", "2026-01-01T00:00:00Z")
        .put("deletionGracePeriodSeconds", 2);
    node.tell(new ToAgent.PodDesired(deleted));
    await().atMost(PATIENCE).until(() -> node.ended.contains(uid));
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
