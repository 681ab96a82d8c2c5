package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a running control plane tells of itself: metrics of everything, logs by request. */
class ObservedProductIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

  /** Those of other programs, such as Prometheus' own {@code up}, have other names. */
  private static final Pattern OUR_METRIC =
      Pattern.compile(
          "\\b(?:apiserver|ensemble|scheduler|controller_runtime|workqueue|jvm|process|kubernetes)"
              + "_[a-z0-9_]+\\b");

  private static ProductUnderTest product;

  @BeforeAll
  static void start() throws Exception {
    product = ProductUnderTest.simulated("observed").withFlag("-DENSEMBLE_LOG_FORMAT=JSON");
    try {
      product.start();
      product.api().post(DEPLOYMENTS, deployment()).object();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  product
                          .api()
                          .get(DEPLOYMENTS + "/seen")
                          .body()
                          .path("status")
                          .path("readyReplicas")
                          .asInt()
                      == 2);
      product.api().watch("/api/v1/pods?watch=true&timeoutSeconds=1").readAllBytes();
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
  void dispatchersMailboxesShardingAndEveryPartOfTheWorkAreMeasured() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              Scrape now = scrape();
              assertActorsAreMeasured(now);
              assertWorkIsMeasured(now);
            });
  }

  private static void assertActorsAreMeasured(Scrape now) {
    for (String dispatcher : List.of("default-dispatcher", "internal-dispatcher")) {
      String label = "dispatcher=\"" + dispatcher + "\"";
      assertThat(now.sum("ensemble_dispatcher_threads", label)).isPositive();
      assertThat(now.sum("ensemble_dispatcher_tasks_total", label)).isPositive();
      assertThat(now.sum("ensemble_dispatcher_wait_seconds_count", label)).isPositive();
    }
    for (String actor :
        List.of(
            "ledger-pods",
            "object",
            "active-object",
            "agent-session",
            "scheduler-default-scheduler",
            "wakeups",
            "agent-view-router")) {
      String label = "actor=\"" + actor + "\"";
      assertThat(now.sum("ensemble_mailbox_messages_total", label)).as(actor).isPositive();
      assertThat(now.sum("ensemble_mailbox_wait_seconds_count", label)).as(actor).isPositive();
      assertThat(now.sum("ensemble_actor_processing_seconds_count", label)).as(actor).isPositive();
    }
    assertThat(now.sum("ensemble_sharding_entities", "type=\"active-object\""))
        .isGreaterThanOrEqualTo(3);
    assertThat(now.sum("ensemble_sharding_shards", "type=\"object\"")).isPositive();
    assertThat(now.sum("ensemble_cluster_members_up")).isEqualTo(1);
    assertThat(now.sum("jvm_threads_current")).isPositive();
  }

  private static void assertWorkIsMeasured(Scrape now) {
    assertThat(now.sum("ensemble_entity_recovery_seconds_count")).isPositive();
    assertThat(now.sum("ensemble_entity_persist_seconds_count")).isPositive();
    assertThat(now.sum("ensemble_ledger_recovery_seconds_count", "ledger=\"pods\"")).isPositive();
    assertThat(now.sum("apiserver_storage_objects", "resource=\"pods\"")).isEqualTo(2);
    assertThat(now.sum("scheduler_schedule_attempts_total", "result=\"scheduled\"")).isEqualTo(2);
    assertThat(
            now.sum(
                "controller_runtime_reconcile_total",
                "controller=\"replicaset-controller\"",
                "result=\"success\""))
        .isPositive();
    assertThat(now.sum("workqueue_depth")).isZero();
    assertThat(now.sum("ensemble_node_sessions")).isEqualTo(1);
  }

  @Test
  void dashboardAlertsAndDocumentationNameWhatIsExportedAndNothingOfOursIsUndocumented()
      throws IOException {
    Scrape scrape = awaitScrape();
    Set<String> exported = scrape.families().keySet();
    List<String> queries = new ArrayList<>();
    JsonNode dashboard = ApiClient.JSON.readTree(read("k8s/monitoring/grafana-dashboard.json"));
    dashboard
        .path("panels")
        .forEach(
            panel ->
                panel.path("targets").forEach(target -> queries.add(target.path("expr").asText())));
    String rules = read("k8s/monitoring/prometheus-rules.yaml");
    Matcher rule =
        Pattern.compile("(?m)^        expr: (>-\\n(?: {10}.*\\n)+|.*\\n)").matcher(rules);
    while (rule.find()) {
      queries.add(rule.group(1));
    }
    assertThat(queries).hasSizeGreaterThan(60);
    for (String query : queries) {
      Set<String> names = names(query);
      assertThat(query)
          .satisfiesAnyOf(q -> assertThat(q).contains("up{"), q -> assertThat(names).isNotEmpty());
      assertThat(exported)
          .as(query)
          .containsAll(names.stream().map(scrape::familyOf).collect(Collectors.toSet()));
    }
    Set<String> documented = new TreeSet<>();
    Matcher row =
        Pattern.compile("(?m)^\\| (" + OUR_METRIC.pattern() + ") \\|")
            .matcher(controlPlanesPart(read("docs/operations.md")));
    while (row.find()) {
      documented.add(row.group(1));
    }
    assertThat(exported).containsAll(documented);
    assertThat(documented)
        .containsAll(exported.stream().filter(name -> OUR_METRIC.matcher(name).matches()).toList());
  }

  /** The agent's metrics, which follow, are not exported here. */
  private static String controlPlanesPart(String operations) {
    int agents = operations.indexOf("The agent serves its own at");
    assertThat(agents).isPositive();
    return operations.substring(0, agents);
  }

  @Test
  void aRequestThatFailedIsFollowedThroughTheLogByItsId() throws Exception {
    long cassandra = product.cassandraPid();
    ApiClient.Answer answer;
    Programs.signal("STOP", cassandra);
    try {
      answer = product.api().postAs("followed-1", CONFIG_MAPS, "{\"metadata\":{\"name\":\"f\"}}");
    } finally {
      Programs.signal("CONT", cassandra);
    }
    assertThat(answer.status()).isIn(503, 504);
    List<JsonNode> entries = new ArrayList<>();
    for (String line : Files.readAllLines(product.folder().resolve("log/control-plane.log"))) {
      if (line.startsWith("{")) {
        entries.add(ApiClient.JSON.readTree(line));
      }
    }
    List<String> followed =
        entries.stream()
            .filter(entry -> entry.path("requestId").asText().equals("followed-1"))
            .map(entry -> entry.path("level").asText() + " " + entry.path("logger").asText())
            .distinct()
            .toList();
    assertThat(followed)
        .contains(
            "WARN dev.ensemble.actors.ledger.Ledger",
            "WARN dev.ensemble.actors.entity.ObjectEntity",
            "WARN dev.ensemble.http.access");
    await().atMost(PATIENCE).until(() -> product.api().get("/readyz").status() == 200);
  }

  private static Set<String> names(String query) {
    Set<String> names = new TreeSet<>();
    Matcher name = OUR_METRIC.matcher(query);
    while (name.find()) {
      names.add(name.group());
    }
    return names;
  }

  private static Scrape scrape() throws IOException {
    return new Scrape(product.api().text("/metrics"));
  }

  /** Of the second interval: the first may have begun before all was there. */
  private static Scrape awaitScrape() throws IOException {
    await()
        .atMost(PATIENCE)
        .until(() -> scrape().sum("apiserver_storage_objects", "resource=\"pods\"") == 2);
    return scrape();
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static String deployment() {
    return """
    {"metadata":{"name":"seen"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"seen"}},
     "template":{"metadata":{"labels":{"app":"seen"}},
      "spec":{"containers":[{"name":"c","image":"nginx:1.14.2"}]}}}}
    """;
  }
}
