package dev.ensemble.agent.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.ensemble.agent.SharedNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Prometheus reads of an agent that ran a pod. Needs root. */
@ExtendWith(SharedNode.class)
class MetricsIT {
  private static MetricsServer server;

  @BeforeAll
  static void serve() throws Exception {
    server =
        MetricsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Duration.ofMillis(500),
            ConfigFactory.load(),
            () -> SharedNode.node().parts().directory().all().size(),
            () -> 7);
    SharedNode.run(
        "measured",
        """
        {"terminationGracePeriodSeconds":1,"containers":[{"name":"c","image":"nginx:1.14.2",
          "readinessProbe":{"httpGet":{"path":"/","port":80},"periodSeconds":1},
          "livenessProbe":{"exec":{"command":["false"]},"periodSeconds":1,"failureThreshold":1000}}]}
        """);
    SharedNode.awaitPhase("measured", "Running");
    SharedNode.node().runtime().container("no-such-container").exceptionally(e -> null);
  }

  @AfterAll
  static void end() {
    SharedNode.end("measured");
    server.close();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http:/" + server.address() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** The largest value of the series of this name that have all the labels. */
  private static Optional<Double> value(String text, String name, String... labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .max(Double::compare);
  }

  @Test
  void aRunningPodShowsInCallsStartsAndProbes() {
    for (List<String> series :
        List.of(
            List.of("kubelet_runtime_operations_total", "run_podsandbox", "outcome=\"ok\""),
            List.of("kubelet_runtime_operations_total", "container_status", "\"not_found\""),
            List.of("kubelet_runtime_operations_duration_seconds_bucket", "start_container"),
            List.of("kubelet_runtime_operations_duration_seconds_sum", "create_container"),
            List.of("kubelet_pod_start_duration_seconds_count"),
            List.of("prober_probe_total", "Readiness", "successful"),
            List.of("prober_probe_total", "Liveness", "failed"),
            List.of("prober_probe_duration_seconds_count", "Readiness"))) {
      String[] labels = series.subList(1, series.size()).toArray(String[]::new);
      await(series.toString())
          .atMost(SharedNode.PATIENCE)
          .until(() -> value(get("/metrics").body(), series.get(0), labels).orElse(0.0) > 0);
    }
  }

  @Test
  void theProcessShowsItsMemoryCollectionsAndThreads() throws Exception {
    await().atMost(SharedNode.PATIENCE).until(() -> get("/metrics").body().contains("jvm_"));
    String text = get("/metrics").body();
    assertThat(value(text, "jvm_memory_used_bytes", "area=\"heap\"").orElse(0.0)).isPositive();
    assertThat(value(text, "jvm_threads_current").orElse(0.0)).isPositive();
    assertThat(value(text, "jvm_gc_collection_seconds_count", "gc=")).isPresent();
    assertThat(value(text, "process_cpu_seconds_total").orElse(0.0)).isPositive();
    assertThat(value(text, "process_resident_memory_bytes").orElse(0.0)).isGreaterThan(1e6);
    assertThat(value(text, "kubelet_running_containers")).contains(7.0);
    assertThat(text.lines().filter(line -> line.contains("measured"))).isEmpty();
  }

  @Test
  void onlyReadingMetricsIsServed() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
    HttpResponse<String> post =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http:/" + server.address() + "/metrics"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(post.statusCode()).isEqualTo(405);
  }
}
