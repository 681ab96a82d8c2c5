package dev.ensemble.actors.node;

import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import dev.ensemble.actors.market.MarketObjects;
import dev.ensemble.actors.market.MemoryStore;
import dev.ensemble.core.controller.Note;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Sessions with agents over a store in memory, for each test anew. */
abstract class SessionFixture {
  ActorTestKit kit;
  MemoryStore store;
  AgentSessions sessions;
  Heartbeats heartbeats;
  final List<Note> notes = new CopyOnWriteArrayList<>();

  static final class Agent implements NodeSessions.Outbound {
    final List<ToAgent> got = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();

    @Override
    public void send(ToAgent message) {
      got.add(message);
    }

    @Override
    public void close(String reason) {
      closed.add(reason);
    }

    <T extends ToAgent> List<T> all(Class<T> type) {
      return got.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void awaitSynced() {
      await().until(() -> !all(ToAgent.Synced.class).isEmpty());
    }
  }

  @BeforeEach
  void open() {
    kit = ActorTestKit.create();
    store = new MemoryStore(kit);
    heartbeats = new Heartbeats(Instant.now());
    sessions =
        AgentSessions.start(
            kit.system(),
            store,
            SessionSettings.standard(),
            heartbeats,
            (note, cause) -> notes.add(note),
            Clock.systemUTC());
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  static FromAgent.Hello hello() {
    return new FromAgent.Hello(
        "1",
        Map.of(),
        MarketObjects.json(
            "{allocatable: {cpu: '4'}, conditions: [{type: 'Ready', status: 'True'}]}"),
        List.of());
  }

  NodeSessions.Session greet(Agent agent, String node) {
    NodeSessions.Session session = sessions.connect(node, agent);
    session.received(hello());
    agent.awaitSynced();
    return session;
  }

  void putBound(String name, String node, String rest) {
    store.put("pods", MarketObjects.pod(name, "1", "nodeName: '" + node + "'" + rest));
  }
}
