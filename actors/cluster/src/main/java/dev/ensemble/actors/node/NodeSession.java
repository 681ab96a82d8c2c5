package dev.ensemble.actors.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.Reference;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.node.AgentReport;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One agent's session: what its node should run goes down, what it reports comes up. An agent may
 * speak of its own node and of pods bound to it, of nothing else.
 */
final class NodeSession extends AbstractBehavior<SessionMessage> {
  private static final String NODE = "node";

  /** Upstream's limit for an Event's message. */
  private static final int MESSAGE_LENGTH_MAX = 1024;

  private final String node;
  private final NodeSessions.Outbound outbound;
  private final SessionParts parts;
  private final TimerScheduler<SessionMessage> timers;
  private final Registrar registrar;
  private final LatestWrites writes;
  private final DesiredPods pods;

  /** By uid, until they are written. */
  private final Map<String, FromAgent.PodReported> newest = new HashMap<>();

  private Optional<ObjectNode> nodeStatus = Optional.empty();
  private boolean greeted;
  private boolean synced;
  private Instant servicesSent = Instant.MIN;

  private NodeSession(
      ActorContext<SessionMessage> context,
      TimerScheduler<SessionMessage> timers,
      String node,
      NodeSessions.Outbound outbound,
      SessionParts parts) {
    super(context);
    this.node = node;
    this.outbound = outbound;
    this.parts = parts;
    this.timers = timers;
    this.registrar = new Registrar(node, parts);
    this.pods = new DesiredPods(parts, outbound, context.getSelf(), node);
    this.writes =
        new LatestWrites(
            parts.settings(),
            new LatestWrites.Sink() {
              @Override
              public void pipe(String object, CompletionStage<Outcome> outcome) {
                context.pipeToSelf(
                    outcome,
                    (result, failure) ->
                        new SessionMessage.Written(object, Optional.ofNullable(result)));
              }

              @Override
              public void again(String object, Duration delay) {
                timers.startSingleTimer(object, new SessionMessage.WriteAgain(object), delay);
              }
            });
    timers.startSingleTimer(SessionMessage.HelloMissing.NOW, parts.settings().helloTimeout());
  }

  static Behavior<SessionMessage> create(
      String node, NodeSessions.Outbound outbound, SessionParts parts) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new NodeSession(context, timers, node, outbound, parts)));
  }

  @Override
  public Receive<SessionMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(SessionMessage.Received.class, this::onReceived)
        .onMessage(SessionMessage.Registered.class, this::onRegistered)
        .onMessage(SessionMessage.NotRegistered.class, this::onNotRegistered)
        .onMessage(SessionMessage.PodsNow.class, this::onPodsNow)
        .onMessage(SessionMessage.PodNow.class, this::onPodNow)
        .onMessage(SessionMessage.PodGone.class, this::onPodGone)
        .onMessage(SessionMessage.ObjectNow.class, this::onObjectNow)
        .onMessageEquals(SessionMessage.ServicesChanged.NOW, this::onServicesChanged)
        .onMessageEquals(SessionMessage.SendServices.NOW, this::sendServices)
        .onMessage(SessionMessage.Written.class, this::onWritten)
        .onMessage(SessionMessage.WriteAgain.class, this::onWriteAgain)
        .onMessageEquals(SessionMessage.HelloMissing.NOW, this::onHelloMissing)
        .onMessageEquals(SessionMessage.Ended.NOW, Behaviors::stopped)
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  private Behavior<SessionMessage> onReceived(SessionMessage.Received received) {
    received.taken().run();
    FromAgent message = received.message();
    if (message instanceof FromAgent.Hello hello) {
      return onHello(hello);
    }
    if (!greeted) {
      return end("the first message must be a hello");
    }
    parts.heartbeats().seen(node, parts.clock().instant());
    if (message instanceof FromAgent.Heartbeat) {
      bringBackToReady();
    } else if (message instanceof FromAgent.NodeReported report) {
      nodeStatus = Optional.of(report.status());
      writeNodeStatus();
    } else if (message instanceof FromAgent.PodReported report) {
      onPodReported(report);
    } else if (message instanceof FromAgent.PodEnded ended) {
      onPodEnded(ended);
    } else if (message instanceof FromAgent.EventObserved event) {
      onEvent(event);
    } else if (message instanceof FromAgent.Want want) {
      pods.want(want.resource(), want.namespace(), want.name());
    } else if (message instanceof FromAgent.Unwant unwant) {
      pods.unwant(unwant.resource(), unwant.namespace(), unwant.name());
    } else if (message instanceof FromAgent.StreamRefused refused) {
      getContext().getLog().debug("{} refuses stream {}", node, refused.streamId());
    }
    return this;
  }

  private Behavior<SessionMessage> onHello(FromAgent.Hello hello) {
    if (greeted) {
      return end("a second hello");
    }
    greeted = true;
    timers.cancel(SessionMessage.HelloMissing.NOW);
    parts.heartbeats().seen(node, parts.clock().instant());
    nodeStatus = Optional.of(hello.status());
    getContext()
        .pipeToSelf(
            registrar.register(hello),
            (cidr, failure) ->
                failure == null
                    ? new SessionMessage.Registered(cidr)
                    : new SessionMessage.NotRegistered(reason(failure)));
    return this;
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return String.valueOf(cause.getMessage());
  }

  private Behavior<SessionMessage> onRegistered(SessionMessage.Registered registered) {
    SessionSettings settings = parts.settings();
    outbound.send(
        new ToAgent.Welcome(
            registered.podCidr(),
            settings.clusterCidr(),
            settings.serviceCidr(),
            (int) settings.heartbeat().toSeconds()));
    parts.router().tell(new ViewRouter.Join(node, getContext().getSelf()));
    return this;
  }

  private Behavior<SessionMessage> onNotRegistered(SessionMessage.NotRegistered failed) {
    getContext().getLog().warn("Node {} cannot be registered: {}", node, failed.problem());
    return end("the node cannot be registered: " + failed.problem());
  }

  private Behavior<SessionMessage> onPodsNow(SessionMessage.PodsNow now) {
    pods.all(now.pods(), now.revision());
    newest.keySet().removeIf(uid -> !pods.knows(uid));
    if (!synced) {
      synced = true;
      sendServices();
      outbound.send(new ToAgent.Synced());
    }
    return this;
  }

  private Behavior<SessionMessage> onPodNow(SessionMessage.PodNow now) {
    pods.changed(now.pod());
    return this;
  }

  private Behavior<SessionMessage> onPodGone(SessionMessage.PodGone gone) {
    newest.remove(gone.last().uid());
    pods.gone(gone.last());
    return this;
  }

  private Behavior<SessionMessage> onObjectNow(SessionMessage.ObjectNow now) {
    pods.objectIs(now.key(), now.object());
    return this;
  }

  private Behavior<SessionMessage> onServicesChanged() {
    if (!synced || timers.isTimerActive(SessionMessage.SendServices.NOW)) {
      return this;
    }
    Duration delay = parts.settings().servicesDelay();
    Instant next = servicesSent.plus(delay);
    Instant now = parts.clock().instant();
    if (next.isAfter(now)) {
      timers.startSingleTimer(SessionMessage.SendServices.NOW, Duration.between(now, next));
      return this;
    }
    return sendServices();
  }

  private Behavior<SessionMessage> sendServices() {
    servicesSent = parts.clock().instant();
    outbound.send(parts.services().now());
    return this;
  }

  private void writeNodeStatus() {
    writes.put(NODE, () -> registrar.report(nodeStatus.orElseThrow()));
  }

  /** Missed heartbeats made the node's conditions Unknown; the agent sees no change to report. */
  private void bringBackToReady() {
    Optional<StoredObject> stored = registrar.stored();
    if (stored.isEmpty() || nodeStatus.isEmpty()) {
      return;
    }
    for (JsonNode condition : stored.get().tree().path("status").path("conditions")) {
      if (condition.path("status").asText().equals("Unknown")) {
        writeNodeStatus();
        return;
      }
    }
  }

  private void onPodReported(FromAgent.PodReported report) {
    if (ownPod(report.uid(), report.namespace(), report.name()).isEmpty()) {
      outbound.send(new ToAgent.PodForgotten(report.uid(), report.namespace(), report.name()));
      return;
    }
    newest.put(report.uid(), report);
    writes.put(report.uid(), () -> writePodStatus(report));
  }

  private CompletionStage<Outcome> writePodStatus(FromAgent.PodReported report) {
    ObjectKey key = podKey(report.namespace(), report.name());
    Optional<StoredObject> stored = ownPod(report.uid(), report.namespace(), report.name());
    if (stored.isEmpty()) {
      return CompletableFuture.completedFuture(new Outcome.Rejected(new Rejection.NotFound(key)));
    }
    ObjectNode status =
        AgentReport.podStatus(
            stored.get().tree().path("status"), report.status(), parts.clock().instant());
    return parts
        .store()
        .submit(
            key,
            new ObjectCommand.ReportStatus(Optional.of(report.uid()), status),
            registrar.provenance());
  }

  /** The last status first: how the pod ended must be on record before it is gone. */
  private void onPodEnded(FromAgent.PodEnded ended) {
    if (ownPod(ended.uid(), ended.namespace(), ended.name()).isEmpty()) {
      outbound.send(new ToAgent.PodForgotten(ended.uid(), ended.namespace(), ended.name()));
      return;
    }
    Optional<FromAgent.PodReported> last = Optional.ofNullable(newest.get(ended.uid()));
    ObjectCommand confirm = new ObjectCommand.ConfirmRemoved(ended.uid());
    ObjectKey key = podKey(ended.namespace(), ended.name());
    writes.put(
        ended.uid(),
        () ->
            last.<CompletionStage<?>>map(this::writePodStatus)
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenCompose(
                    reported -> parts.store().submit(key, confirm, registrar.provenance())));
  }

  private Optional<StoredObject> ownPod(String uid, String namespace, String name) {
    if (namespace.isEmpty() || name.isEmpty() || name.contains("/") || namespace.contains("/")) {
      return Optional.empty();
    }
    return parts
        .store()
        .view(NodeSight.PODS)
        .snapshot()
        .get(namespace, name)
        .filter(pod -> pod.uid().equals(uid))
        .filter(pod -> pod.tree().path("spec").path("nodeName").asText().equals(node));
  }

  private static ObjectKey podKey(String namespace, String name) {
    return new ObjectKey(NodeSight.PODS, namespace, name);
  }

  private void onEvent(FromAgent.EventObserved event) {
    boolean own =
        event.involvedKind().equals("Node")
            ? event.name().equals(node)
            : event.involvedKind().equals("Pod") && pods.knows(event.uid());
    if (!own) {
      getContext().getLog().debug("{} speaks of {}, not its own", node, event.name());
      return;
    }
    String message =
        event.message().length() > MESSAGE_LENGTH_MAX
            ? event.message().substring(0, MESSAGE_LENGTH_MAX)
            : event.message();
    Reference regarding =
        new Reference(
            "v1",
            event.involvedKind(),
            event.namespace(),
            event.name(),
            event.uid(),
            event.fieldPath());
    Note.Type type = event.eventType().equals("Warning") ? Note.Type.WARNING : Note.Type.NORMAL;
    parts
        .events()
        .announce(
            new Note(regarding, type, event.reason(), message, "kubelet", node), Optional.empty());
  }

  private Behavior<SessionMessage> onWritten(SessionMessage.Written written) {
    writes.done(written.object(), written.outcome());
    if (!writes.owes(written.object())) {
      newest.remove(written.object());
    }
    return this;
  }

  private Behavior<SessionMessage> onWriteAgain(SessionMessage.WriteAgain again) {
    writes.retry(again.object());
    return this;
  }

  private Behavior<SessionMessage> onHelloMissing() {
    return end("no hello in time");
  }

  private Behavior<SessionMessage> end(String why) {
    outbound.close(why);
    return Behaviors.stopped();
  }

  /** Also after a bug: the agent must not believe in a session that nobody serves. */
  private Behavior<SessionMessage> onStop() {
    parts.router().tell(new ViewRouter.Leave(node, getContext().getSelf()));
    outbound.close("the session has ended");
    return this;
  }
}
