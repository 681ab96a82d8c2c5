package dev.ensemble.actors.controller;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.core.controller.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has to be looked at by the clock: silent nodes and who must leave them, pods and Events to
 * be swept up. One round at a time. One for each datacenter.
 */
final class Housekeeping extends AbstractBehavior<Housekeeping.Command> {
  /** Messages of the housekeeper. */
  sealed interface Command {}

  private enum Tick implements Command {
    NODES,
    SWEEP
  }

  private record Finished(ActionOutcome outcome) implements Command {}

  private final ObjectStore store;
  private final ControllerParts parts;
  private final Rounds rounds;
  private boolean busy;
  private boolean sweepDue;

  private Housekeeping(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ObjectStore store,
      ControllerParts parts,
      Heartbeats heartbeats) {
    super(context);
    this.store = store;
    this.parts = parts;
    rounds = new Rounds(store, parts, heartbeats, parts.clock().instant());
    timers.startTimerWithFixedDelay(Tick.NODES, Tick.NODES, parts.settings().nodeCheck());
    timers.startTimerWithFixedDelay(Tick.SWEEP, Tick.SWEEP, parts.settings().podSweep());
  }

  static Behavior<Command> create(ObjectStore store, ControllerParts parts, Heartbeats heartbeats) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Housekeeping(context, timers, store, parts, heartbeats)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Tick.NODES, this::onNodes)
        .onMessageEquals(Tick.SWEEP, this::onSweep)
        .onMessage(Finished.class, this::onFinished)
        .build();
  }

  private Behavior<Command> onNodes() {
    if (!busy) {
      Instant now = parts.clock().instant();
      carryOut(rounds.nodes(now), "node-controller");
    }
    return this;
  }

  private Behavior<Command> onSweep() {
    if (busy) {
      sweepDue = true;
      return this;
    }
    sweepDue = false;
    carryOut(rounds.sweep(parts.clock().instant()), "pod-garbage-collector");
    return this;
  }

  private Behavior<Command> onFinished(Finished finished) {
    busy = false;
    if (finished.outcome() instanceof ActionOutcome.Failed failed) {
      // The next round decides anew.
      getContext().getLog().debug("housekeeping: {}", failed.message());
    }
    return sweepDue ? onSweep() : this;
  }

  /** Each plan by itself, so that one node's trouble does not hold up the others. */
  private void carryOut(List<List<Action>> plans, String controller) {
    busy = true;
    PlanRun run = new PlanRun(store, parts, controller, Optional.empty());
    getContext()
        .pipeToSelf(
            Rounds.oneAfterTheOther(run, plans),
            (outcome, failure) -> new Finished(failure == null ? outcome : ActionOutcome.DONE));
  }
}
