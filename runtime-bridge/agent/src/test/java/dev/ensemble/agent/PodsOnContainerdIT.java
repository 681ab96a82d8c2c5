package dev.ensemble.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.protocol.ToAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  void theSamplesPodRunsAndServes() throws Exception {
    long begun = System.nanoTime();
    node.tell(
        new ToAgent.PodDesired(
            pod(
                "web-1",
                """
                {"containers":[
                  {"name":"nginx","image":"nginx:1.14.2","ports":[{"containerPort":80}]},
                  {"name":"nodejs","image":"nodejs:10.15.0",
                   "volumeMounts":[{"name":"app-data","mountPath":"/usr/src/app"}]}],
                 "volumes":[{"name":"app-data","emptyDir":{}}]}
                """)));
    await().atMost(PATIENCE).until(() -> node.phase("web-1").equals("Running"));
    System.out.println("running after ms " + (System.nanoTime() - begun) / 1_000_000);
    JsonNode status = node.status("web-1");
    System.out.println(status.toPrettyString());
    String ip = Fields.text(status, "podIP");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> get("http://" + ip + ":80/").contains("Welcome to nginx"));
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> get("http://" + ip + ":3000/").contains("visits.log"));
    ObjectNode deleted =
        pod("web-1", node.parts().directory().find("web-1").orElseThrow().pod().spec().toString());
    ((ObjectNode) deleted.path("metadata"))
        .put("deletionTimestamp", "2026-01-01T00:00:00Z")
        .put("deletionGracePeriodSeconds", 5);
    node.tell(new ToAgent.PodDesired(deleted));
    await().atMost(PATIENCE).until(() -> node.ended.contains("web-1"));
    assertThat(Files.exists(node.parts().folders().pod("web-1"))).isFalse();
    node.events.forEach(
        e -> System.out.println(e.reason() + " " + e.fieldPath() + " " + e.message()));
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
