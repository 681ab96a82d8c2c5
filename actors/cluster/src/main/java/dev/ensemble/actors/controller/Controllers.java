package dev.ensemble.actors.controller;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import dev.ensemble.actors.observe.MeasuredMailbox;
import dev.ensemble.actors.store.ObjectStore;
import java.time.Duration;

/**
 * What controllers need once in a datacenter: the watcher that wakes control loops, the garbage
 * collector, the housekeeper. Two of them at a time do no harm but double work. To be started when
 * all ledgers have recovered: what a view does not show is taken for absent.
 */
public final class Controllers {
  private Controllers() {}

  public static Behavior<Void> create(
      ObjectStore store, ControllerParts parts, Heartbeats heartbeats) {
    return Behaviors.setup(
        context -> {
          Props mailbox = MeasuredMailbox.named(context.getSystem());
          ActorRef<GarbageCollector.Command> garbage =
              context.spawn(supervised(GarbageCollector.create(store, parts)), "garbage", mailbox);
          context.spawn(supervised(Wakeups.create(store, parts, garbage)), "wakeups", mailbox);
          context.spawn(
              supervised(Housekeeping.create(store, parts, heartbeats)), "housekeeping", mailbox);
          return Behaviors.empty();
        });
  }

  private static <T> Behavior<T> supervised(Behavior<T> behavior) {
    return Behaviors.supervise(behavior)
        .onFailure(
            RuntimeException.class,
            SupervisorStrategy.restartWithBackoff(
                Duration.ofSeconds(1), Duration.ofMinutes(1), 0.2));
  }
}
