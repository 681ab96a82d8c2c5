package dev.ensemble.agent.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodReferences;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import dev.ensemble.agent.pod.PodServices;
import dev.ensemble.agent.pod.PodWorker;
import dev.ensemble.agent.runtime.Inventory;
import dev.ensemble.agent.runtime.RuntimeEvent;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The node: an actor for each pod, and between them and the session what is common. A session that
 * ends changes nothing for the pods.
 */
public final class NodeAgent extends AbstractBehavior<NodeAgent.Command> {
  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** What the node's actor is told. */
  public sealed interface Command {}

  public record SessionOpened(Uplink uplink) implements Command {}

  public record SessionClosed() implements Command {}

  public record Received(ToAgent message) implements Command {}

  public record RuntimeStirred(RuntimeEvent event) implements Command {}

  public record EventsLost() implements Command {}

  private record Relist() implements Command {}

  private record Listed(Optional<Inventory> inventory, Instant since) implements Command {}

  private record StatusDue() implements Command {}

  private record StatusRead(Optional<ObjectNode> status) implements Command {}

  private record HeartbeatDue() implements Command {}

  private record NetworkJoined(Optional<String> problem) implements Command {}

  record Reported(PodDefinition pod, ObjectNode status) implements Command {}

  record Ended(PodDefinition pod) implements Command {}

  public record EventHappened(FromAgent.EventObserved event) implements Command {}

  private record Entry(ActorRef<PodWorker.Command> worker, PodDefinition pod) {}

  private final NodeParts parts;
  private final PodServices services;
  private final TimerScheduler<Command> timers;
  private final Map<String, Entry> pods = new HashMap<>();
  private final Map<String, PodFacts> unclaimed = new HashMap<>();
  private final Set<String> named = new HashSet<>();
  private final Set<Reference> wanted = new HashSet<>();
  private final List<ToAgent> waiting = new ArrayList<>();
  private Uplink uplink = Uplink.CLOSED;
  private ObjectNode status;
  private Optional<ToAgent.Welcome> welcome = Optional.empty();
  private boolean listed;
  private boolean networked;
  private boolean synced;

  /** {@code status} is the node's at the start. */
  public static Behavior<Command> create(NodeParts parts, ObjectNode status) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new NodeAgent(context, timers, parts, status)));
  }

  private NodeAgent(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeParts parts,
      ObjectNode status) {
    super(context);
    this.timers = timers;
    this.parts = parts;
    this.status = status;
    ActorRef<Command> self = context.getSelf();
    this.services = parts.podServices(event -> self.tell(new EventHappened(event)));
    subscribe();
    takeInventory();
    timers.startTimerWithFixedDelay(new Relist(), parts.settings().runtime().relistInterval());
    timers.startTimerWithFixedDelay(new StatusDue(), STATUS_INTERVAL);
    parts.cache().get(ToAgent.Welcome.class).ifPresent(this::join);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(SessionOpened.class, this::onSessionOpened)
        .onMessage(SessionClosed.class, message -> onSessionClosed())
        .onMessage(Received.class, message -> onReceived(message.message()))
        .onMessage(RuntimeStirred.class, this::onRuntimeStirred)
        .onMessage(EventsLost.class, message -> onEventsLost())
        .onMessage(Relist.class, message -> takeInventory())
        .onMessage(Listed.class, this::onListed)
        .onMessage(NetworkJoined.class, this::onNetworkJoined)
        .onMessage(StatusDue.class, message -> readStatus())
        .onMessage(StatusRead.class, this::onStatusRead)
        .onMessage(HeartbeatDue.class, message -> send(new FromAgent.Heartbeat()))
        .onMessage(Reported.class, this::onReported)
        .onMessage(Ended.class, this::onEnded)
        .onMessage(EventHappened.class, message -> send(message.event()))
        .build();
  }

  private Behavior<Command> onSessionOpened(SessionOpened message) {
    uplink = message.uplink();
    synced = false;
    named.clear();
    Set<String> uids = new HashSet<>(pods.keySet());
    uids.addAll(unclaimed.keySet());
    uplink.send(parts.hello(status, uids));
    wanted.forEach(this::want);
    return this;
  }

  private Behavior<Command> onSessionClosed() {
    uplink = Uplink.CLOSED;
    timers.cancel(new HeartbeatDue());
    return this;
  }

  private Behavior<Command> onReceived(ToAgent message) {
    if (message instanceof ToAgent.Welcome welcomed) {
      parts.cache().put(welcomed);
      timers.startTimerWithFixedDelay(
          new HeartbeatDue(), Duration.ofSeconds(Math.max(1, welcomed.heartbeatSeconds())));
      join(welcomed);
    } else if (message instanceof ToAgent.OpenStream open) {
      parts.streams().open(open, uplink);
    } else if (!networked || !listed) {
      waiting.add(message);
    } else {
      handle(message);
    }
    return this;
  }

  private void handle(ToAgent message) {
    if (message instanceof ToAgent.PodDesired desired) {
      desire(new PodDefinition(desired.pod()));
    } else if (message instanceof ToAgent.PodForgotten forgotten) {
      forget(forgotten.uid());
    } else if (message instanceof ToAgent.ServicesDesired desired) {
      parts.cache().put(desired);
      applyServices(desired);
    } else if (message instanceof ToAgent.ObjectChanged changed) {
      Reference reference = new Reference(changed.resource(), changed.namespace(), changed.name());
      parts.objects().put(reference, changed.object());
      pods.values().stream()
          .filter(entry -> PodReferences.of(entry.pod()).contains(reference))
          .forEach(entry -> entry.worker().tell(new PodWorker.SourcesChanged()));
    } else if (message instanceof ToAgent.Synced) {
      onSynced();
    }
  }

  private void join(ToAgent.Welcome welcomed) {
    if (welcome.filter(welcomed::equals).isPresent() && networked) {
      return;
    }
    welcome = Optional.of(welcomed);
    getContext()
        .pipeToSelf(
            parts.join(welcomed),
            (done, failure) ->
                new NetworkJoined(Optional.ofNullable(failure).map(Throwable::toString)));
  }

  private Behavior<Command> onNetworkJoined(NetworkJoined message) {
    if (message.problem().isPresent()) {
      getContext().getLog().error("cannot join the network: {}", message.problem().get());
      welcome.ifPresent(
          again -> timers.startSingleTimer("join", new Received(again), RETRY.multipliedBy(5)));
      return this;
    }
    networked = true;
    readStatus();
    return proceed();
  }

  private Behavior<Command> proceed() {
    if (networked && listed) {
      List<ToAgent> held = List.copyOf(waiting);
      waiting.clear();
      if (!synced && pods.isEmpty()) {
        parts.cache().get(ToAgent.ServicesDesired.class).ifPresent(this::applyServices);
        parts.cache().pods().forEach(pod -> start(pod));
      }
      held.forEach(this::handle);
    }
    return this;
  }

  private void applyServices(ToAgent.ServicesDesired desired) {
    parts.objects().services(desired.services());
    parts.applyServices(desired);
  }

  private void desire(PodDefinition pod) {
    named.add(pod.uid());
    parts.cache().put(pod);
    Entry entry = pods.get(pod.uid());
    if (entry == null) {
      start(pod);
    } else {
      pods.put(pod.uid(), new Entry(entry.worker(), pod));
      follow();
      entry.worker().tell(new PodWorker.Desired(pod));
      if (ready()) {
        entry.worker().tell(new PodWorker.Compare());
      }
    }
  }

  private ActorRef<PodWorker.Command> start(PodDefinition pod) {
    PodFacts facts = Optional.ofNullable(unclaimed.remove(pod.uid())).orElse(PodFacts.NONE);
    PodWorker.Listener listener =
        new PodReports(getContext().getSelf(), parts.directory(), parts.metrics());
    ActorRef<PodWorker.Command> worker =
        getContext().spawnAnonymous(PodWorker.create(pod, facts, services, listener));
    pods.put(pod.uid(), new Entry(worker, pod));
    follow();
    return worker;
  }

  /** Asks for the ConfigMaps and Secrets of the pods that are here, no others. */
  private void follow() {
    Set<Reference> needed = new HashSet<>();
    pods.values().forEach(entry -> needed.addAll(PodReferences.of(entry.pod())));
    for (Reference reference : needed) {
      if (wanted.add(reference)) {
        want(reference);
      }
    }
    for (Reference reference : Set.copyOf(wanted)) {
      if (!needed.contains(reference)) {
        wanted.remove(reference);
        uplink.send(
            new FromAgent.Unwant(reference.resource(), reference.namespace(), reference.name()));
      }
    }
    parts.objects().retain(wanted);
  }

  private void want(Reference reference) {
    uplink.send(new FromAgent.Want(reference.resource(), reference.namespace(), reference.name()));
  }

  private void forget(String uid) {
    named.remove(uid);
    Optional.ofNullable(pods.get(uid))
        .ifPresent(entry -> entry.worker().tell(new PodWorker.Forgotten()));
  }

  private void onSynced() {
    synced = true;
    for (String uid : List.copyOf(pods.keySet())) {
      if (!named.contains(uid)) {
        forget(uid);
      }
    }
    endUnclaimed();
    tellAll(new PodWorker.ReportAgain());
  }

  private void endUnclaimed() {
    for (Map.Entry<String, PodFacts> orphan : Map.copyOf(unclaimed).entrySet()) {
      PodDefinition minimal = Orphans.definition(orphan.getKey(), orphan.getValue());
      start(minimal).tell(new PodWorker.Forgotten());
    }
  }

  private Behavior<Command> onRuntimeStirred(RuntimeStirred message) {
    if (message.event().kind() == RuntimeEvent.Kind.EXITED) {
      tellAll(new PodWorker.Stirred(message.event().containerId()));
    }
    return this;
  }

  private void subscribe() {
    ActorRef<Command> self = getContext().getSelf();
    parts.subscribe(
        event -> self.tell(new RuntimeStirred(event)), () -> self.tell(new EventsLost()));
  }

  private Behavior<Command> onEventsLost() {
    getContext()
        .pipeToSelf(
            parts.reviveRuntime(), (done, failure) -> new Listed(Optional.empty(), Instant.EPOCH));
    return this;
  }

  private Behavior<Command> takeInventory() {
    Instant since = services.clock().instant();
    getContext()
        .pipeToSelf(
            services.runtime().inventory(),
            (inventory, failure) -> new Listed(Optional.ofNullable(inventory), since));
    return this;
  }

  private Behavior<Command> onListed(Listed message) {
    if (message.inventory().isEmpty()) {
      if (message.since().equals(Instant.EPOCH)) {
        subscribe();
      }
      timers.startSingleTimer("relist", new Relist(), RETRY);
      return this;
    }
    Map<String, PodFacts> found = Orphans.byPod(message.inventory().get());
    for (Map.Entry<String, Entry> pod : pods.entrySet()) {
      PodFacts facts = found.getOrDefault(pod.getKey(), PodFacts.NONE);
      pod.getValue().worker().tell(new PodWorker.Observed(facts, message.since()));
    }
    unclaimed.clear();
    unclaimed.putAll(found);
    unclaimed.keySet().removeAll(pods.keySet());
    if (synced) {
      endUnclaimed();
    }
    boolean first = !listed;
    listed = true;
    return first ? proceed() : this;
  }

  private Behavior<Command> readStatus() {
    getContext()
        .pipeToSelf(
            parts.status(status), (read, failure) -> new StatusRead(Optional.ofNullable(read)));
    return this;
  }

  private Behavior<Command> onStatusRead(StatusRead message) {
    if (message.status().filter(read -> !NodeStatus.same(read, status)).isPresent()) {
      status = message.status().get();
      uplink.send(new FromAgent.NodeReported(status.deepCopy()));
      if (ready()) {
        tellAll(new PodWorker.Compare());
      }
    }
    return this;
  }

  /** While it is not, its pods are said not to be, and that is right. */
  private boolean ready() {
    return Fields.condition(status, "Ready").equals("True");
  }

  private Behavior<Command> onReported(Reported message) {
    PodDefinition pod = message.pod();
    return send(
        new FromAgent.PodReported(pod.uid(), pod.namespace(), pod.name(), message.status()));
  }

  private Behavior<Command> onEnded(Ended message) {
    PodDefinition pod = message.pod();
    pods.remove(pod.uid());
    parts.directory().remove(pod.uid());
    parts.cache().remove(pod.uid());
    follow();
    return send(new FromAgent.PodEnded(pod.uid(), pod.namespace(), pod.name()));
  }

  private Behavior<Command> send(FromAgent message) {
    uplink.send(message);
    return this;
  }

  private void tellAll(PodWorker.Command message) {
    pods.values().forEach(e -> e.worker().tell(message));
  }
}
