package dev.ensemble.actors.node;

import akka.actor.typed.ActorSystem;
import dev.ensemble.actors.observe.Sampling;
import dev.ensemble.protocol.ToAgent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.tag.TagSet;

/** Sessions of agents: how many, how many have begun, what is said on them. */
final class SessionMetrics {
  private final Counter begun = Kamon.counter("ensemble_node_sessions_begun_total").withoutTags();
  private final Counter overrun =
      Kamon.counter("ensemble_node_sessions_overrun_total").withoutTags();
  private final Map<Class<?>, Counter> messages = new ConcurrentHashMap<>();

  void begun() {
    begun.increment();
  }

  /** Closed because too much waited to be read. */
  void overrun() {
    overrun.increment();
  }

  void received(Object message) {
    said("from_agent", message);
  }

  NodeSessions.Outbound counted(NodeSessions.Outbound outbound) {
    return new NodeSessions.Outbound() {
      @Override
      public void send(ToAgent message) {
        said("to_agent", message);
        outbound.send(message);
      }

      @Override
      public void close(String reason) {
        outbound.close(reason);
      }
    };
  }

  /** The kinds of messages are the protocol's, so they are few. */
  private void said(String direction, Object message) {
    messages
        .computeIfAbsent(
            message.getClass(),
            type ->
                Kamon.counter("ensemble_node_session_messages_total")
                    .withTags(
                        TagSet.from(
                            Map.of("direction", direction, "message", type.getSimpleName()))))
        .increment();
  }

  void watch(ActorSystem<?> system, IntSupplier connected) {
    Gauge sessions = Kamon.gauge("ensemble_node_sessions").withoutTags();
    Sampling.of(system).add(() -> sessions.update(connected.getAsInt()));
  }
}
