package dev.ensemble.actors.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.node.BrokerSettings;
import dev.ensemble.actors.node.NodeBrokers;
import dev.ensemble.actors.scheduler.Scheduler;
import dev.ensemble.actors.scheduler.SchedulerSettings;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pod of higher priority does to others, with brokers, on a store in memory. */
class PreemptionMarketTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final List<Note> events = new CopyOnWriteArrayList<>();
  private MemoryStore store;

  @BeforeEach
  void open() {
    store = new MemoryStore(KIT);
    store.reside(
        "nodes",
        new NodeBrokers(DefaultProfile.create(), BrokerSettings.standard(), Clock.systemUTC()));
    KIT.spawn(
        Scheduler.create(
            SchedulerSettings.standard(),
            DefaultProfile.create(),
            store,
            (note, cause) -> events.add(note),
            Clock.systemUTC()));
  }

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  private ObjectNode pod(String name) {
    return store.get("pods", "default", name).orElseThrow();
  }

  private JsonNode condition(String pod, String type) {
    for (JsonNode condition : pod(pod).at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return MissingNode.getInstance();
  }

  private void awaitBound(String pod, String node) {
    await().untilAsserted(() -> assertThat(pod(pod).at("/spec/nodeName").asText()).isEqualTo(node));
  }

  private static ObjectNode ofPriority(String name, String cpu, int priority) {
    return MarketObjects.pod(
        name, cpu, "schedulerName: 'default-scheduler', priority: " + priority);
  }

  @Test
  void theVictimIsMarkedAndEndedAndItsRoomGoesToThePodThatWantedIt() {
    store.put("nodes", MarketObjects.node("n1", "2"));
    store.put("pods", ofPriority("low", "2", 0));
    awaitBound("low", "n1");
    store.put("pods", ofPriority("high", "2", 100));
    await()
        .untilAsserted(
            () -> assertThat(pod("low").at("/metadata/deletionTimestamp").asText()).isNotEmpty());
    JsonNode condition = condition("low", "DisruptionTarget");
    assertThat(condition.path("status").asText()).isEqualTo("True");
    assertThat(condition.path("reason").asText()).isEqualTo("PreemptionByScheduler");
    assertThat(condition.path("message").asText())
        .isEqualTo("default-scheduler: preempting to accommodate a higher priority pod");
    await()
        .untilAsserted(
            () -> assertThat(pod("high").at("/status/nominatedNodeName").asText()).isEqualTo("n1"));
    assertThat(events)
        .anySatisfy(
            note -> {
              assertThat(note.reason()).isEqualTo("Preempted");
              assertThat(note.regarding().name()).isEqualTo("low");
              assertThat(note.message()).isEqualTo("Preempted by pod uid-high on node n1");
            });
    store.put("pods", ofPriority("other", "1", 50));
    await()
        .untilAsserted(
            () ->
                assertThat(condition("other", "PodScheduled").path("message").asText())
                    .startsWith("0/1 nodes are available: 1 Insufficient cpu."));
    store.delete("pods", "default", "low");
    awaitBound("high", "n1");
    assertThat(pod("other").at("/spec/nodeName").asText()).isEmpty();
  }

  @Test
  void aPodThatMayNotPreemptEndsNobody() {
    store.put("nodes", MarketObjects.node("n1", "2"));
    store.put("pods", ofPriority("low", "2", 0));
    awaitBound("low", "n1");
    store.put(
        "pods",
        MarketObjects.pod(
            "polite",
            "2",
            "schedulerName: 'default-scheduler', priority: 9, preemptionPolicy: 'Never'"));
    await()
        .untilAsserted(
            () ->
                assertThat(condition("polite", "PodScheduled").path("message").asText())
                    .endsWith("preemption: not eligible due to preemptionPolicy=Never."));
    assertThat(pod("low").at("/metadata/deletionTimestamp").isMissingNode()).isTrue();
  }

  @Test
  void podsThatAvoidEachOtherGoToDifferentNodesAndAThirdWaitsUntilOneGoes() {
    String away =
        """
        schedulerName: 'default-scheduler', affinity: {podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {labelSelector: {}, topologyKey: 'kubernetes.io/hostname'}]}}\
        """;
    store.put("nodes", MarketObjects.node("n1", "8"));
    store.put("nodes", MarketObjects.node("n2", "8"));
    for (String name : List.of("a", "b", "c")) {
      store.put("pods", MarketObjects.pod(name, "1", away));
    }
    await().until(() -> bound().size() == 2);
    assertThat(bound()).doesNotHaveDuplicates();
    String waiting =
        List.of("a", "b", "c").stream()
            .filter(name -> pod(name).at("/spec/nodeName").asText().isEmpty())
            .findFirst()
            .orElseThrow();
    String first = waiting.equals("a") ? "b" : "a";
    String node = pod(first).at("/spec/nodeName").asText();
    store.delete("pods", "default", first);
    awaitBound(waiting, node);
  }

  private List<String> bound() {
    return List.of("a", "b", "c").stream()
        .map(name -> pod(name).at("/spec/nodeName").asText())
        .filter(node -> !node.isEmpty())
        .toList();
  }
}
