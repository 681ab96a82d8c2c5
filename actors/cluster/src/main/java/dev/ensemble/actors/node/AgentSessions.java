package dev.ensemble.actors.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import dev.ensemble.actors.controller.Announcer;
import dev.ensemble.actors.observe.MeasuredMailbox;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The sessions of agents that are connected to this process. One for each process. */
public final class AgentSessions implements NodeSessions {
  private final ActorSystem<?> system;
  private final SessionParts parts;
  private final Map<String, Connected> connected = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final SessionMetrics metrics = new SessionMetrics();

  private AgentSessions(ActorSystem<?> system, SessionParts parts) {
    this.system = system;
    this.parts = parts;
  }

  /** Starts what all sessions share. {@code store} must be ready to be read. */
  public static AgentSessions start(
      ActorSystem<?> system,
      ObjectStore store,
      SessionSettings settings,
      Heartbeats heartbeats,
      Announcer events,
      Clock clock) {
    ActorRef<ViewRouter.Message> router =
        system.systemActorOf(
            ViewRouter.create(store), "agent-view-router", MeasuredMailbox.named(system));
    AgentSessions sessions =
        new AgentSessions(
            system,
            new SessionParts(
                store,
                settings,
                heartbeats,
                events,
                clock,
                router,
                new ServicesMessage(store),
                new PodCidrAllocator(store, settings)));
    sessions.metrics.watch(system, sessions.connected::size);
    return sessions;
  }

  @Override
  public Session connect(String node, Outbound uncounted) {
    Outbound outbound = metrics.counted(uncounted);
    ActorRef<SessionMessage> actor =
        system.systemActorOf(
            NodeSession.create(node, outbound, parts),
            "agent-session-" + numbers.incrementAndGet(),
            MeasuredMailbox.grouped(system, "agent-session"));
    Connected session = new Connected(node, outbound, actor);
    metrics.begun();
    Connected older = connected.put(node, session);
    if (older != null) {
      older.outbound.close("a newer session of this node has begun");
      older.actor.tell(SessionMessage.Ended.NOW);
    }
    return session;
  }

  @Override
  public Delivery send(String node, ToAgent message) {
    Connected session = connected.get(node);
    if (session == null) {
      return Delivery.NOT_CONNECTED;
    }
    session.outbound.send(message);
    return Delivery.SENT;
  }

  private final class Connected implements Session {
    private final String node;
    private final Outbound outbound;
    private final ActorRef<SessionMessage> actor;
    private final AtomicInteger inbox = new AtomicInteger();

    Connected(String node, Outbound outbound, ActorRef<SessionMessage> actor) {
      this.node = node;
      this.outbound = outbound;
      this.actor = actor;
    }

    @Override
    public void received(FromAgent message) {
      if (inbox.incrementAndGet() > parts.settings().inboxMax()) {
        metrics.overrun();
        outbound.close("too many messages are waiting");
        closed();
        return;
      }
      metrics.received(message);
      actor.tell(new SessionMessage.Received(message, inbox::decrementAndGet));
    }

    @Override
    public void closed() {
      connected.remove(node, this);
      actor.tell(SessionMessage.Ended.NOW);
    }
  }
}
