package dev.ensemble.actors.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the views once for all sessions of the process and hands each change to the session that
 * it concerns: with a subscription for each session, every change would be looked at once for each
 * node.
 */
final class ViewRouter extends AbstractBehavior<ViewRouter.Message> {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final ResourceName PODS = NodeSight.PODS;

  private final ObjectStore store;
  private final TimerScheduler<Message> timers;
  private final Map<String, ActorRef<SessionMessage>> sessions = new HashMap<>();
  private final Map<ObjectKey, Set<ActorRef<SessionMessage>>> wanted = new HashMap<>();
  private final Map<ResourceName, View.Subscription> subscriptions = new HashMap<>();

  sealed interface Message {}

  /** The session is told all pods of its node, then each change, and when Services change. */
  record Join(String node, ActorRef<SessionMessage> session) implements Message {}

  record Leave(String node, ActorRef<SessionMessage> session) implements Message {}

  record Want(ObjectKey key, ActorRef<SessionMessage> session) implements Message {}

  record Unwant(ObjectKey key, ActorRef<SessionMessage> session) implements Message {}

  record Changed(Change change) implements Message {}

  record FeedEnded(ResourceName resource) implements Message {}

  private ViewRouter(
      ActorContext<Message> context, TimerScheduler<Message> timers, ObjectStore store) {
    super(context);
    this.store = store;
    this.timers = timers;
    ServicesMessage.RESOURCES.forEach(this::follow);
    follow(PODS);
    follow(ResourceName.parse("configmaps"));
    follow(ResourceName.parse("secrets"));
  }

  static Behavior<Message> create(ObjectStore store) {
    return Behaviors.<Message>supervise(
            Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ViewRouter(context, timers, store))))
        .onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Join.class, this::onJoin)
        .onMessage(Leave.class, this::onLeave)
        .onMessage(Want.class, this::onWant)
        .onMessage(Unwant.class, this::onUnwant)
        .onMessage(Changed.class, changed -> onChange(changed.change()))
        .onMessage(FeedEnded.class, this::onFeedEnded)
        .onSignal(PostStop.class, stop -> onStop())
        .onSignal(PreRestart.class, stop -> onStop())
        .build();
  }

  private Behavior<Message> onJoin(Join join) {
    sessions.put(join.node(), join.session());
    tellPods(join.node(), join.session());
    return this;
  }

  private Behavior<Message> onLeave(Leave leave) {
    sessions.remove(leave.node(), leave.session());
    wanted.values().forEach(followers -> followers.remove(leave.session()));
    wanted.values().removeIf(Set::isEmpty);
    return this;
  }

  private Behavior<Message> onWant(Want want) {
    wanted.computeIfAbsent(want.key(), key -> new HashSet<>()).add(want.session());
    want.session().tell(now(want.key()));
    return this;
  }

  private Behavior<Message> onUnwant(Unwant unwant) {
    wanted.computeIfPresent(
        unwant.key(),
        (key, followers) -> {
          followers.remove(unwant.session());
          return followers.isEmpty() ? null : followers;
        });
    return this;
  }

  private Behavior<Message> onChange(Change change) {
    ObjectKey key = change.object().key();
    if (key.resource().equals(PODS)) {
      onPod(change);
    } else if (ServicesMessage.RESOURCES.contains(key.resource())) {
      sessions.values().forEach(session -> session.tell(SessionMessage.ServicesChanged.NOW));
    } else {
      for (ActorRef<SessionMessage> session : wanted.getOrDefault(key, Set.of())) {
        session.tell(now(key));
      }
    }
    return this;
  }

  private void onPod(Change change) {
    String node = change.object().tree().path("spec").path("nodeName").asText();
    ActorRef<SessionMessage> session = sessions.get(node);
    if (session != null) {
      session.tell(
          change.type() == Change.Type.DELETED
              ? new SessionMessage.PodGone(change.object())
              : new SessionMessage.PodNow(change.object()));
    }
  }

  private Behavior<Message> onFeedEnded(FeedEnded ended) {
    follow(ended.resource());
    if (ended.resource().equals(PODS)) {
      sessions.forEach(this::tellPods);
    } else if (ServicesMessage.RESOURCES.contains(ended.resource())) {
      sessions.values().forEach(session -> session.tell(SessionMessage.ServicesChanged.NOW));
    } else {
      wanted.forEach(
          (key, followers) -> {
            if (key.resource().equals(ended.resource())) {
              followers.forEach(session -> session.tell(now(key)));
            }
          });
    }
    return this;
  }

  private void tellPods(String node, ActorRef<SessionMessage> session) {
    Snapshot snapshot = store.view(PODS).snapshot();
    List<StoredObject> pods = new ArrayList<>();
    snapshot.onNode(node).forEach(pods::add);
    session.tell(new SessionMessage.PodsNow(pods, snapshot.revision()));
  }

  private SessionMessage now(ObjectKey key) {
    Optional<StoredObject> object =
        store.view(key.resource()).snapshot().get(key.namespace(), key.name());
    return new SessionMessage.ObjectNow(key, object);
  }

  private void follow(ResourceName resource) {
    View view = store.view(resource);
    ActorRef<Message> self = getContext().getSelf();
    try {
      View.Subscription subscription =
          view.subscribe(
              view.snapshot().revision(),
              new View.Listener() {
                @Override
                public void onChange(Change change) {
                  self.tell(new Changed(change));
                }

                @Override
                public void onEnd() {
                  self.tell(new FeedEnded(resource));
                }
              });
      Optional.ofNullable(subscriptions.put(resource, subscription))
          .ifPresent(View.Subscription::cancel);
    } catch (RevisionExpiredException e) {
      timers.startSingleTimer(resource, new FeedEnded(resource), RETRY);
    }
  }

  private Behavior<Message> onStop() {
    subscriptions.values().forEach(View.Subscription::cancel);
    subscriptions.clear();
    return this;
  }
}
