package dev.ensemble.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensemble.actors.market.MarketObjects;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.Reference;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NodeSessionTest extends SessionFixture {
  private static FromAgent.PodReported reported(String pod, String phase) {
    return new FromAgent.PodReported(
        "uid-" + pod, "default", pod, MarketObjects.json("{phase: '" + phase + "'}"));
  }

  private String phase(String pod) {
    return store.get("pods", "default", pod).orElseThrow().at("/status/phase").asText();
  }

  @Test
  void aHelloMakesTheNodeStandAndSendsAllThatIsDesired() {
    putBound("mine", "n1", "");
    putBound("other", "n2", "");
    store.put("services", MarketObjects.json("{metadata: {namespace: 'default', name: 's'}}"));
    Agent agent = new Agent();
    greet(agent, "n1");
    assertThat(agent.got.stream().map(m -> m.getClass().getSimpleName()))
        .containsExactly("Welcome", "PodDesired", "ServicesDesired", "Synced");
    assertThat(agent.got.get(0))
        .isEqualTo(new ToAgent.Welcome("10.42.0.0/24", "10.42.0.0/16", "10.43.0.0/16", 10));
    assertThat(agent.all(ToAgent.ServicesDesired.class).get(0).services()).hasSize(1);
    assertThat(store.get("nodes", "", "n1").orElseThrow().at("/spec/podCIDR").asText())
        .isEqualTo("10.42.0.0/24");
    assertThat(heartbeats.lastSeen("n1")).isPresent();
    assertThat(heartbeats.lastSeen("n2")).isEmpty();
  }

  @Test
  void nodesThatComeAtOnceGetRangesOfTheirOwn() {
    List<Agent> agents = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 8; i++) {
      Agent agent = new Agent();
      agents.add(agent);
      sessions.connect("n" + i, agent).received(hello());
    }
    agents.forEach(Agent::awaitSynced);
    assertThat(agents.stream().map(a -> a.all(ToAgent.Welcome.class).get(0).podCidr()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aNodeThatComesBackKeepsItsRange() {
    Agent first = new Agent();
    greet(first, "n1").closed();
    greet(new Agent(), "n2");
    Agent again = new Agent();
    greet(again, "n1");
    assertThat(again.all(ToAgent.Welcome.class).get(0).podCidr()).isEqualTo("10.42.0.0/24");
  }

  @Test
  void podsFollowAsTheyAreBoundChangedAndRemoved() {
    Agent agent = new Agent();
    greet(agent, "n1");
    store.put("pods", MarketObjects.pod("p", "1"));
    store.decide(
        ObjectKey.of("pods", "default", "p"),
        new ObjectCommand.Bind(Optional.empty(), "n1", List.of()));
    await().until(() -> agent.all(ToAgent.PodDesired.class).size() == 1);
    store.delete("pods", "default", "p");
    await()
        .untilAsserted(
            () ->
                assertThat(agent.all(ToAgent.PodForgotten.class))
                    .containsExactly(new ToAgent.PodForgotten("uid-p", "default", "p")));
  }

  @Test
  void afterAFeedEndedNothingIsMissing() {
    Agent agent = new Agent();
    putBound("a", "n1", "");
    greet(agent, "n1");
    store.endFeeds();
    store.delete("pods", "default", "a");
    putBound("b", "n1", "");
    await()
        .untilAsserted(
            () -> {
              assertThat(agent.all(ToAgent.PodForgotten.class)).hasSize(1);
              assertThat(
                      agent.all(ToAgent.PodDesired.class).stream()
                          .map(d -> d.pod().at("/metadata/name").asText()))
                  .containsExactly("a", "b");
            });
  }

  @Test
  void aReportIsWrittenAndKeepsTheConditionOfTheScheduler() {
    Agent agent = new Agent();
    putBound("p", "n1", "");
    store.decide(
        ObjectKey.of("pods", "default", "p"),
        new ObjectCommand.ReportStatus(
            Optional.empty(),
            MarketObjects.json("{conditions: [{type: 'PodScheduled', status: 'True'}]}")));
    NodeSessions.Session session = greet(agent, "n1");
    session.received(reported("p", "Running"));
    await().untilAsserted(() -> assertThat(phase("p")).isEqualTo("Running"));
    assertThat(
            store
                .get("pods", "default", "p")
                .orElseThrow()
                .at("/status/conditions/0/type")
                .asText())
        .isEqualTo("PodScheduled");
  }

  @Test
  void ofManyReportsOneIsUnderWayAndTheNewestIsWrittenNext() {
    putBound("p", "n1", "");
    NodeSessions.Session session = greet(new Agent(), "n1");
    CompletableFuture<Outcome> slow = new CompletableFuture<>();
    AtomicInteger reports = new AtomicInteger();
    store.intercept(
        asked ->
            asked.key().name().equals("p") && reports.incrementAndGet() == 1
                ? Optional.of(slow)
                : Optional.empty());
    for (int i = 0; i < 20; i++) {
      session.received(reported("p", "Phase" + i));
    }
    await().until(() -> reports.get() == 1);
    slow.completeExceptionally(
        new StoreUnavailableException(
            StoreUnavailableException.Category.TIMEOUT, "late", new IllegalStateException()));
    await().untilAsserted(() -> assertThat(phase("p")).isEqualTo("Phase19"));
    assertThat(reports.get()).isEqualTo(2);
  }

  @Test
  void aNodeCannotSpeakOfPodsThatAreNotItsOwn() {
    putBound("p", "n2", "");
    Agent agent = new Agent();
    NodeSessions.Session session = greet(agent, "n1");
    session.received(reported("p", "Failed"));
    session.received(new FromAgent.PodEnded("uid-p", "default", "p"));
    session.received(
        new FromAgent.EventObserved("Pod", "default", "p", "uid-p", "", "Normal", "Lie", "x"));
    await().until(() -> agent.all(ToAgent.PodForgotten.class).size() == 2);
    assertThat(phase("p")).isEqualTo("Pending");
    assertThat(notes).isEmpty();
  }

  @Test
  void howAPodEndedIsOnRecordBeforeItIsGone() {
    putBound("p", "n1", "");
    Agent agent = new Agent();
    NodeSessions.Session session = greet(agent, "n1");
    session.received(reported("p", "Succeeded"));
    session.received(new FromAgent.PodEnded("uid-p", "default", "p"));
    await().until(() -> store.get("pods", "default", "p").isEmpty());
    assertThat(
            store.submitted().stream()
                .filter(s -> s.key().name().equals("p"))
                .map(s -> s.command().getClass().getSimpleName())
                .distinct())
        .containsExactly("ReportStatus", "ConfirmRemoved");
    await().until(() -> !agent.all(ToAgent.PodForgotten.class).isEmpty());
  }

  @Test
  void changesOfServicesAreGatheredAndTheLastOneArrives() {
    Agent agent = new Agent();
    greet(agent, "n1");
    for (int i = 0; i < 50; i++) {
      store.put(
          "services", MarketObjects.json("{metadata: {namespace: 'default', name: 's" + i + "'}}"));
    }
    await()
        .untilAsserted(
            () -> {
              List<ToAgent.ServicesDesired> sent = agent.all(ToAgent.ServicesDesired.class);
              assertThat(sent.get(sent.size() - 1).services()).hasSize(50);
            });
    assertThat(agent.all(ToAgent.ServicesDesired.class)).hasSizeLessThan(25);
  }

  @Test
  void aHeartbeatBringsANodeBackThatWasGivenUp() {
    NodeSessions.Session session = greet(new Agent(), "n1");
    store.decide(
        ObjectKey.of("nodes", "", "n1"),
        new ObjectCommand.ReportStatus(
            Optional.empty(),
            MarketObjects.json("{conditions: [{type: 'Ready', status: 'Unknown'}]}")));
    session.received(new FromAgent.Heartbeat());
    await()
        .untilAsserted(
            () ->
                assertThat(
                        store
                            .get("nodes", "", "n1")
                            .orElseThrow()
                            .at("/status/conditions/0/status")
                            .asText())
                    .isEqualTo("True"));
  }

  @Test
  void aNewerSessionTakesTheOlderOnesPlace() {
    Agent older = new Agent();
    NodeSessions.Session first = greet(older, "n1");
    Agent newer = new Agent();
    greet(newer, "n1");
    await().until(() -> !older.closed.isEmpty());
    first.closed();
    ToAgent.PodForgotten message = new ToAgent.PodForgotten("u", "ns", "n");
    assertThat(sessions.send("n1", message)).isEqualTo(NodeSessions.Delivery.SENT);
    assertThat(newer.got).contains(message);
    assertThat(sessions.send("n2", message)).isEqualTo(NodeSessions.Delivery.NOT_CONNECTED);
    putBound("p", "n1", "");
    await().until(() -> !newer.all(ToAgent.PodDesired.class).isEmpty());
    assertThat(older.all(ToAgent.PodDesired.class)).isEmpty();
    assertThat(newer.closed).isEmpty();
  }

  @Test
  void aSessionThatDoesNotBeginWithAHelloIsClosed() {
    Agent agent = new Agent();
    sessions.connect("n1", agent).received(new FromAgent.Heartbeat());
    await().until(() -> !agent.closed.isEmpty());
    assertThat(agent.closed.get(0)).isEqualTo("the first message must be a hello");
    assertThat(heartbeats.lastSeen("n1")).isEmpty();
  }

  @Test
  void whatTheAgentObservesBecomesAnEvent() {
    putBound("p", "n1", "");
    NodeSessions.Session session = greet(new Agent(), "n1");
    session.received(
        new FromAgent.EventObserved(
            "Pod", "default", "p", "uid-p", "spec.containers{c}", "Warning", "BackOff", "again"));
    await()
        .untilAsserted(
            () ->
                assertThat(notes)
                    .containsExactly(
                        new Note(
                            new Reference(
                                "v1", "Pod", "default", "p", "uid-p", "spec.containers{c}"),
                            Note.Type.WARNING,
                            "BackOff",
                            "again",
                            "kubelet",
                            "n1")));
  }
}
