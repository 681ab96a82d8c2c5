package dev.ensemble.http.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kamon.Kamon;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What /metrics says of requests, over TLS. */
class MetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static TestServer server;
  private static HttpClient http2;
  private static HttpClient http1;

  @BeforeAll
  static void start() throws Exception {
    Kamon.initWithoutAttaching(
        ConfigFactory.parseString("kamon.metric.tick-interval = 200ms")
            .withFallback(ConfigFactory.parseResources("kamon.conf"))
            .withFallback(ConfigFactory.load()));
    server =
        TestServer.start(
            new TestServer.Observed(
                system -> {
                  ProcessMetrics.watch(system);
                  return KamonMetrics.start(system, BuiltInResources.types());
                },
                List.of(new Health.Check("metrics-moon", Health.Scope.READY, () -> false)),
                MetricsEndpoint::ofKamon));
    http2 = server.client(HttpClient.Version.HTTP_2, Optional.of("admin"));
    http1 = server.client(HttpClient.Version.HTTP_1_1, Optional.of("admin"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    Kamon.stop();
  }

  @Test
  void everyRequestIsCountedOnceByWhatItAskedForAndWhatCameOfIt() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(send(http2, "GET", MAPS, "").version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
    assertThat(send(http1, "GET", MAPS, "").version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    send(http2, "GET", "/api/v1/configmaps", "");
    send(http2, "POST", MAPS, map("counted"));
    send(http2, "POST", MAPS, map("counted"));
    send(http2, "PUT", MAPS + "/counted", map("counted"));
    send(http1, "GET", MAPS + "/counted", "");
    send(http2, "GET", MAPS + "/missing", "");
    send(http2, "DELETE", MAPS + "/counted", "");
    send(http2, "GET", MAPS + "/counted/made-up", "");
    send(http2, "GET", "/api/v1/namespaces/default/gadgets/1", "");
    send(http2, "GET", "/apis/made.up/v1/gadgets", "");
    send(http2, "GET", "/version", "");
    send(http2, "GET", "/made/up", "");

    Map<String, Double> expected =
        Map.ofEntries(
            total("200", "", "configmaps", "namespace", "", "LIST", "v1", 4),
            total("200", "", "configmaps", "cluster", "", "LIST", "v1", 1),
            total("201", "", "configmaps", "resource", "", "POST", "v1", 1),
            total("409", "", "configmaps", "resource", "", "POST", "v1", 1),
            total("200", "", "configmaps", "resource", "", "PUT", "v1", 1),
            total("200", "", "configmaps", "resource", "", "GET", "v1", 1),
            total("404", "", "configmaps", "resource", "", "GET", "v1", 1),
            total("200", "", "configmaps", "resource", "", "DELETE", "v1", 1),
            total("404", "", "configmaps", "resource", "other", "GET", "v1", 1),
            total("404", "", "other", "", "", "GET", "", 1),
            total("404", "", "other", "", "", "LIST", "", 1),
            total("404", "", "", "", "", "GET", "", 1));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(scrape().samples("apiserver_request_total"))
                    .containsAllEntriesOf(expected));
    PrometheusText metrics = scrape();
    assertThat(
            metrics.samples(
                "apiserver_request_duration_seconds_count{component=\"apiserver\",group=\"\","
                    + "resource=\"configmaps\",scope=\"namespace\",subresource=\"\",verb=\"LIST\""))
        .hasSize(1)
        .containsValue(4.0);
    assertThat(metrics.types())
        .containsEntry("apiserver_request_total", "counter")
        .containsEntry("apiserver_request_duration_seconds", "histogram")
        .containsEntry("apiserver_response_sizes_bytes", "histogram")
        .containsEntry("apiserver_current_inflight_requests", "gauge");
    assertThat(metrics.samples("apiserver_request_total"))
        .as("a client cannot make series")
        .allSatisfy((sample, count) -> assertThat(sample).doesNotContain("gadgets", "made"));
  }

  @Test
  void anOpenWatchIsSeenAndItsEndToo() throws Exception {
    String watches =
        "apiserver_longrunning_requests{component=\"apiserver\",resource=\"services\",verb=\"WATCH\"}";
    HttpResponse<java.io.InputStream> watch =
        http2.send(
            HttpRequest.newBuilder(server.uri("/api/v1/services?watch=true")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    await().atMost(PATIENCE).until(() -> Double.valueOf(1).equals(value(watches)));
    assertThat(value("ensemble_watch_buffered_changes{resource=\"services\"}")).isZero();
    watch.body().close();
    await().atMost(PATIENCE).until(() -> Double.valueOf(0).equals(value(watches)));
  }

  @Test
  void theProcessAndItsHealthAreMeasured() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              PrometheusText metrics = scrape();
              assertThat(metrics.samples("jvm_memory_used_bytes{area=\"heap\"}").values())
                  .singleElement()
                  .satisfies(used -> assertThat(used).isGreaterThan(1e6));
              assertThat(metrics.samples("process_resident_memory_bytes").values())
                  .singleElement()
                  .satisfies(resident -> assertThat(resident).isGreaterThan(1e7));
              assertThat(metrics.samples("process_cpu_seconds_total").values())
                  .singleElement()
                  .satisfies(
                      cpu ->
                          assertThat(cpu)
                              .isBetween(
                                  0.1,
                                  ProcessHandle.current()
                                          .info()
                                          .totalCpuDuration()
                                          .orElseThrow()
                                          .toMillis()
                                      / 1000.0));
              assertThat(metrics.samples("kubernetes_healthcheck"))
                  .containsAllEntriesOf(
                      Map.of(
                          "kubernetes_healthcheck{name=\"metrics-moon\",type=\"readyz\"}", 0.0,
                          "kubernetes_healthcheck{name=\"ping\",type=\"livez\"}", 1.0));
            });
  }

  @Test
  void theAnswerSaysItsFormatsVersion() throws Exception {
    assertThat(send(http2, "GET", "/metrics", "").headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=UTF-8");
  }

  private static Map.Entry<String, Double> total(
      String code,
      String group,
      String resource,
      String scope,
      String subresource,
      String verb,
      String version,
      int count) {
    return Map.entry(
        "apiserver_request_total{code=\"%s\",component=\"apiserver\",group=\"%s\",resource=\"%s\",scope=\"%s\",subresource=\"%s\",verb=\"%s\",version=\"%s\"}"
            .formatted(code, group, resource, scope, subresource, verb, version),
        (double) count);
  }

  private static Double value(String sample) throws Exception {
    return scrape().samples(sample).get(sample);
  }

  private static PrometheusText scrape() throws Exception {
    String text = send(http1, "GET", "/metrics", "").body();
    return text.isEmpty() ? PrometheusText.parse("\n") : PrometheusText.parse(text);
  }

  private static HttpResponse<String> send(
      HttpClient client, String method, String path, String body) throws Exception {
    return server.send(client, method, path, body);
  }

  private static String map(String name) {
    return "{\"metadata\":{\"name\":\"" + name + "\"}}";
  }
}
