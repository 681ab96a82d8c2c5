package dev.ensemble.actors.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import dev.ensemble.actors.node.BrokerSettings;
import dev.ensemble.actors.node.NodeBrokers;
import dev.ensemble.actors.scheduler.Scheduler;
import dev.ensemble.actors.scheduler.SchedulerSettings;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Brokers and schedulers together, on a store in memory. */
class MarketTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final List<Note> events = new CopyOnWriteArrayList<>();
  private MemoryStore store;
  private ActorRef<Scheduler.Message> scheduler;

  @BeforeEach
  void open() {
    store = new MemoryStore(KIT);
    store.reside(
        "nodes",
        new NodeBrokers(DefaultProfile.create(), BrokerSettings.standard(), Clock.systemUTC()));
    scheduler = spawn(SchedulerSettings.DEFAULT_NAME);
  }

  private ActorRef<Scheduler.Message> spawn(String name) {
    SchedulerSettings standard = SchedulerSettings.standard();
    SchedulerSettings settings =
        new SchedulerSettings(
            name,
            standard.underWayMax(),
            standard.search(),
            standard.callsMax(),
            standard.roundsMax(),
            standard.bidTimeout(),
            Duration.ofSeconds(2),
            standard.refreshPeriod(),
            standard.queue());
    return KIT.spawn(
        Scheduler.create(
            settings,
            DefaultProfile.create(),
            store,
            (note, cause) -> events.add(note),
            Clock.systemUTC()));
  }

  @AfterEach
  void close() {
    KIT.stop(scheduler);
  }

  @AfterAll
  static void shutdown() {
    KIT.shutdownTestKit();
  }

  private String nodeOf(String pod) {
    return store.get("pods", "default", pod).orElseThrow().at("/spec/nodeName").asText();
  }

  private void awaitBound(String pod, String node) {
    await().untilAsserted(() -> assertThat(nodeOf(pod)).isEqualTo(node));
  }

  /** Offers come one by one: a pod that no node can take is told of as many as the book has. */
  private void awaitOffersOf(int nodes) {
    store.put("pods", MarketObjects.pod("giant", "1000"));
    await()
        .untilAsserted(
            () ->
                assertThat(events)
                    .extracting(Note::message)
                    .anyMatch(message -> message.startsWith("0/" + nodes + " nodes")));
  }

  @Test
  void aPodIsBoundToTheNodeWithRoomAndTheBidsAreKept() {
    store.put("nodes", MarketObjects.node("small", "1"));
    store.put("nodes", MarketObjects.node("large", "4"));
    awaitOffersOf(2);
    store.put("pods", MarketObjects.pod("p", "2"));
    awaitBound("p", "large");
    ObjectCommand.Bind bind =
        store.submitted().stream()
            .map(MemoryStore.Submitted::command)
            .filter(ObjectCommand.Bind.class::isInstance)
            .map(ObjectCommand.Bind.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(bind.expectedUid()).isEqualTo(Optional.of("uid-p"));
    assertThat(bind.bids().get(0).node()).isEqualTo("large");
    assertThat(bind.bids().get(0).scores())
        .containsKeys("NodeResourcesFit", "TaintToleration", "NodeResourcesBalancedAllocation");
    assertThat(bind.bids().get(0).score()).isPositive();
    assertThat(bind.bids().get(1))
        .isEqualTo(new Bid("small", 0, Map.of(), List.of("Insufficient cpu")));
    await()
        .untilAsserted(
            () ->
                assertThat(events)
                    .extracting(Note::reason, Note::message)
                    .contains(tuple("Scheduled", "Successfully assigned default/p to large")));
  }

  @Test
  void aPodThatFitsNowhereSaysWhyAndIsPlacedWhenRoomComes() {
    store.put("nodes", MarketObjects.node("n1", "1"));
    store.put("pods", MarketObjects.pod("first", "1"));
    awaitBound("first", "n1");
    store.put("pods", MarketObjects.pod("p", "1"));
    String message =
        "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No"
            + " preemption victims found for incoming pod.";
    await()
        .untilAsserted(
            () ->
                assertThat(
                        store
                            .get("pods", "default", "p")
                            .orElseThrow()
                            .at("/status/conditions/0/message")
                            .asText())
                    .isEqualTo(message));
    assertThat(events)
        .anyMatch(e -> e.reason().equals("FailedScheduling") && e.message().equals(message));
    store.delete("pods", "default", "first");
    awaitBound("p", "n1");
  }

  @Test
  void aPodOfAnotherSchedulerIsLeftAlone() {
    store.put("nodes", MarketObjects.node("n1", "1"));
    store.put("pods", MarketObjects.pod("other", "1", "schedulerName: 'mine'"));
    store.put("pods", MarketObjects.pod("p", "1"));
    awaitBound("p", "n1");
    assertThat(nodeOf("other")).isEmpty();
  }

  @Test
  void nodesThatComeLateAreFound() {
    store.put("pods", MarketObjects.pod("p", "1"));
    await()
        .untilAsserted(
            () ->
                assertThat(events)
                    .extracting(Note::message)
                    .contains("no nodes available to schedule pods"));
    store.put("nodes", MarketObjects.node("n1", "1"));
    awaitBound("p", "n1");
  }

  @Test
  void twoSchedulersNeverOvercommit() {
    ActorRef<Scheduler.Message> second = spawn("second");
    for (int i = 0; i < 5; i++) {
      store.put("nodes", MarketObjects.node("n" + i, "4"));
    }
    for (int i = 0; i < 30; i++) {
      String name = i % 2 == 0 ? "default-scheduler" : "second";
      store.put("pods", MarketObjects.pod("p" + i, "1", "schedulerName: '" + name + "'"));
    }
    await().until(() -> perNode().values().stream().mapToInt(Integer::intValue).sum() == 20);
    assertThat(perNode()).isEqualTo(Map.of("n0", 4, "n1", 4, "n2", 4, "n3", 4, "n4", 4));
    KIT.stop(second);
  }

  private Map<String, Integer> perNode() {
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      String node = nodeOf("p" + i);
      if (!node.isEmpty()) {
        counts.merge(node, 1, Integer::sum);
      }
    }
    return counts;
  }

  @Test
  void aBindOfUnknownOutcomeIsAskedAgainAndNotGivenTwice() {
    AtomicInteger tries = new AtomicInteger();
    store.intercept(
        asked -> {
          if (asked.command() instanceof ObjectCommand.Bind && tries.incrementAndGet() == 1) {
            store.decide(asked.key(), asked.command());
            return Optional.of(unavailable());
          }
          return Optional.empty();
        });
    store.put("nodes", MarketObjects.node("n1", "1"));
    store.put("pods", MarketObjects.pod("p", "1"));
    await().untilAsserted(() -> assertThat(events).extracting(Note::reason).contains("Scheduled"));
    assertThat(nodeOf("p")).isEqualTo("n1");
    assertThat(tries.get()).isEqualTo(2);
  }

  private static CompletionStage<Outcome> unavailable() {
    return CompletableFuture.failedFuture(
        new StoreUnavailableException(
            StoreUnavailableException.Category.TIMEOUT, "no answer", new IllegalStateException()));
  }

  @Test
  void aBrokerThatRestartsCountsWhatItsPredecessorPromised() {
    List<MemoryStore.Submitted> held = new CopyOnWriteArrayList<>();
    CompletableFuture<Outcome> never = new CompletableFuture<>();
    store.intercept(
        asked -> {
          boolean first = asked.key().name().equals("first");
          if (asked.command() instanceof ObjectCommand.Bind && first && held.size() < 2) {
            held.add(asked);
            return Optional.of(never);
          }
          return Optional.empty();
        });
    store.put("nodes", MarketObjects.node("n1", "1"));
    store.put("pods", MarketObjects.pod("first", "1"));
    await().until(() -> held.size() == 1);
    store.restartResident(ObjectKey.of("nodes", "", "n1"));
    await().until(() -> held.size() == 2);
    store.put("pods", MarketObjects.pod("second", "1"));
    await()
        .untilAsserted(
            () ->
                assertThat(events)
                    .extracting(e -> e.regarding().name() + " " + e.reason())
                    .contains("second FailedScheduling"));
    store.decide(held.get(0).key(), held.get(0).command());
    assertThat(nodeOf("first")).isEqualTo("n1");
    assertThat(nodeOf("second")).isEmpty();
  }

  @Test
  void feedsThatEndAreFollowedAgain() {
    store.put("nodes", MarketObjects.node("n1", "2"));
    store.put("pods", MarketObjects.pod("before", "1"));
    awaitBound("before", "n1");
    store.endFeeds();
    store.put("pods", MarketObjects.pod("after", "1"));
    awaitBound("after", "n1");
  }

  @Test
  void aPodBoundByOthersTakesItsRoom() {
    store.put("nodes", MarketObjects.node("n1", "2"));
    store.put("pods", MarketObjects.pod("p", "1", "schedulerName: 'mine'"));
    store.decide(
        ObjectKey.of("pods", "default", "p"),
        new ObjectCommand.Bind(Optional.of("uid-p"), "n1", List.of()));
    store.put("pods", MarketObjects.pod("big", "2"));
    await()
        .untilAsserted(
            () ->
                assertThat(
                        events.stream()
                            .filter(e -> e.regarding().name().equals("big"))
                            .map(Note::reason)
                            .collect(Collectors.toSet()))
                    .isEqualTo(Set.of("FailedScheduling")));
    assertThat(nodeOf("big")).isEmpty();
  }
}
