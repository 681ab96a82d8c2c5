package dev.ensemble.actors.controller;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.persistence.format.EventId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Watches all views and tells the control loops, and the garbage collector, what concerns them. At
 * the start, and after a gap, it wakes every existing one, so many in a second. One for each
 * datacenter.
 */
final class Wakeups extends AbstractBehavior<Wakeups.Command> {
  /** Messages of the watcher. */
  sealed interface Command {}

  private record Changed(Change change, long subscription) implements Command {}

  private record Ended(ResourceName resource, long subscription) implements Command {}

  private enum Timed implements Command {
    SUBSCRIBE,
    WAKE_SOME
  }

  /** How often the existing objects' turn comes at the start. */
  private static final Duration WAKE_EVERY = Duration.ofMillis(100);

  private record Subscribed(View.Subscription subscription, long id) {}

  private record Sleeping(ObjectKey key, EventId cause) {}

  private final ObjectStore store;
  private final ControllerParts parts;
  private final ActorRef<GarbageCollector.Command> garbage;
  private final Concerned concerned;
  private final Map<ResourceName, Subscribed> subscriptions = new HashMap<>();
  private final Deque<Sleeping> sleeping = new ArrayDeque<>();

  /** Changes handed over and not looked at yet; views' threads count up, the actor counts down. */
  private final AtomicInteger waiting = new AtomicInteger();

  private long nextSubscription;

  private Wakeups(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ObjectStore store,
      ControllerParts parts,
      ActorRef<GarbageCollector.Command> garbage) {
    super(context);
    this.store = store;
    this.parts = parts;
    this.garbage = garbage;
    concerned = new Concerned(store, parts.facts());
    timers.startTimerWithFixedDelay(
        Timed.SUBSCRIBE, Timed.SUBSCRIBE, Duration.ZERO, parts.settings().resubscribe());
    timers.startTimerWithFixedDelay(Timed.WAKE_SOME, Timed.WAKE_SOME, WAKE_EVERY);
  }

  static Behavior<Command> create(
      ObjectStore store, ControllerParts parts, ActorRef<GarbageCollector.Command> garbage) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Wakeups(context, timers, store, parts, garbage)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Changed.class, this::onChanged)
        .onMessage(Ended.class, this::onEnded)
        .onMessageEquals(Timed.SUBSCRIBE, this::onSubscribe)
        .onMessageEquals(Timed.WAKE_SOME, this::onWakeSome)
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  private Behavior<Command> onSubscribe() {
    for (ResourceType type : parts.types().get().stored()) {
      if (!subscriptions.containsKey(type.name())) {
        subscribe(type.name());
      }
    }
    return this;
  }

  /** From now on; what is there already is woken, which covers whatever was missed. */
  private void subscribe(ResourceName resource) {
    try {
      View view = store.view(resource);
      Snapshot snapshot = view.snapshot();
      long id = nextSubscription++;
      View.Subscription subscription =
          view.subscribe(snapshot.revision(), new HandOver(resource, id));
      subscriptions.put(resource, new Subscribed(subscription, id));
      boolean loops = Concerned.LOOPS.contains(resource);
      for (StoredObject object : snapshot.all()) {
        if (loops) {
          sleeping.add(new Sleeping(object.key(), eventOf(object)));
        }
        if (GarbageViews.mayBeConcerned(object)) {
          garbage.tell(new GarbageCollector.Suspect(object.key(), eventOf(object)));
        }
      }
    } catch (RevisionExpiredException moved) {
      getContext().getLog().info("{}: {}; will subscribe again", resource, moved.getMessage());
    } catch (RuntimeException notYet) {
      getContext().getLog().debug("{} cannot be watched yet: {}", resource, notYet.toString());
    }
  }

  private static EventId eventOf(StoredObject object) {
    return new EventId(object.key().entityId(), object.sequence());
  }

  /** Runs on the ledger's thread. */
  private final class HandOver implements View.Listener {
    private final ResourceName resource;
    private final long id;
    private final ActorRef<Command> self = getContext().getSelf();

    HandOver(ResourceName resource, long id) {
      this.resource = resource;
      this.id = id;
    }

    @Override
    public void onChange(Change change) {
      if (waiting.incrementAndGet() > parts.settings().changesMax()) {
        waiting.decrementAndGet();
        self.tell(new Ended(resource, id));
        return;
      }
      self.tell(new Changed(change, id));
    }

    @Override
    public void onEnd() {
      self.tell(new Ended(resource, id));
    }
  }

  private Behavior<Command> onChanged(Changed changed) {
    waiting.decrementAndGet();
    Change change = changed.change();
    for (ObjectKey loop : concerned.by(change)) {
      store.tell(loop, new Resident.Wake(change.event()));
    }
    garbage.tell(new GarbageCollector.Seen(change));
    return this;
  }

  private Behavior<Command> onEnded(Ended ended) {
    Subscribed present = subscriptions.get(ended.resource());
    if (present != null && present.id() == ended.subscription()) {
      present.subscription().cancel();
      subscriptions.remove(ended.resource());
    }
    return this;
  }

  private Behavior<Command> onWakeSome() {
    long turns = Duration.ofSeconds(1).dividedBy(WAKE_EVERY);
    long share = Math.max(1, parts.settings().wakesPerSecond() / turns);
    for (long woken = 0; woken < share && !sleeping.isEmpty(); woken++) {
      Sleeping next = sleeping.poll();
      store.tell(next.key(), new Resident.Wake(next.cause()));
    }
    return this;
  }

  private Behavior<Command> onStop() {
    subscriptions.values().forEach(one -> one.subscription().cancel());
    return this;
  }
}
