package dev.ensemble.actors.controller;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The control loop of one object: passes, one at a time, as long as there is something to do. Wakes
 * that come during a pass, or soon after the last one began, become one pass. What fails is tried
 * again after a wait that doubles.
 */
final class ControlLoop extends AbstractBehavior<ResidentMessage> {
  private static final String TIMER = "pass";

  /** Begin a pass. */
  private enum Look implements ResidentMessage {
    NOW
  }

  /** A pass has ended. */
  private record Passed(
      ActionOutcome outcome, List<Action> done, boolean heldBack, Optional<Duration> again)
      implements ResidentMessage {}

  private final ObjectKey key;
  private final ObjectStore store;
  private final ControllerParts parts;
  private final Rule rule;
  private final LoopMetrics metrics;
  private final TimerScheduler<ResidentMessage> timers;
  private Optional<EventId> cause = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private Instant lastPass = Instant.MIN;
  private Instant notBefore = Instant.MIN;
  private boolean passing;
  private boolean woken;
  private int failures;
  private long passStarted;

  private ControlLoop(
      ActorContext<ResidentMessage> context,
      TimerScheduler<ResidentMessage> timers,
      ObjectKey key,
      ObjectStore store,
      ControllerParts parts,
      Rule rule) {
    super(context);
    this.timers = timers;
    this.key = key;
    this.store = store;
    this.parts = parts;
    this.rule = rule;
    this.metrics = LoopMetrics.of(rule.controller());
    // An entity that has just been started may have missed any number of wakes.
    schedule(parts.clock().instant());
  }

  static Behavior<ResidentMessage> create(
      ObjectKey key, ObjectStore store, ControllerParts parts, Rule rule) {
    Behavior<ResidentMessage> loop =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new ControlLoop(context, timers, key, store, parts, rule)));
    return Behaviors.supervise(loop)
        .onFailure(
            RuntimeException.class,
            SupervisorStrategy.restartWithBackoff(
                Duration.ofSeconds(1), parts.settings().backoffMax(), 0.2));
  }

  @Override
  public Receive<ResidentMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Resident.Wake.class, this::onWake)
        .onMessage(Look.class, look -> onLook())
        .onMessage(Passed.class, this::onPassed)
        .onSignal(PostStop.class, stop -> onEnd())
        .onSignal(PreRestart.class, restart -> onEnd())
        .build();
  }

  private Behavior<ResidentMessage> onWake(Resident.Wake wake) {
    cause = Optional.of(wake.cause());
    if (!woken) {
      woken = true;
      metrics.waits();
    }
    if (!passing) {
      schedule(parts.clock().instant());
    }
    return this;
  }

  /** Plans the next pass for {@code wanted}, or later where an interval or a backoff says so. */
  private void schedule(Instant wanted) {
    Instant now = parts.clock().instant();
    Instant at = wanted;
    if (!lastPass.equals(Instant.MIN)) {
      at = later(at, lastPass.plus(parts.settings().passInterval()));
    }
    at = later(at, notBefore);
    if (at.isAfter(now)) {
      timers.startSingleTimer(TIMER, Look.NOW, Duration.between(now, at));
    } else {
      timers.cancel(TIMER);
      getContext().getSelf().tell(Look.NOW);
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private Behavior<ResidentMessage> onLook() {
    Instant now = parts.clock().instant();
    if (passing || now.isBefore(notBefore)) {
      return this;
    }
    passing = true;
    takeUp();
    lastPass = now;
    passStarted = System.nanoTime();
    Plan plan = rule.plan(key, store, setback, now);
    List<Action> allowed =
        plan.actions().stream().filter(action -> !heldBack(action, now)).toList();
    boolean heldBack = allowed.size() < plan.actions().size();
    getContext()
        .pipeToSelf(
            new PlanRun(store, parts, rule.controller(), cause).run(allowed),
            (outcome, failure) ->
                new Passed(
                    failure == null
                        ? outcome
                        : new ActionOutcome.Failed(Setback.Attempt.OTHER, Failures.words(failure)),
                    allowed,
                    heldBack,
                    plan.again()));
    return this;
  }

  private void takeUp() {
    if (woken) {
      woken = false;
      metrics.waitsNoMore();
    }
  }

  private Behavior<ResidentMessage> onEnd() {
    takeUp();
    return this;
  }

  /** Whatever a rule says: what failed is not tried again before its time. */
  private boolean heldBack(Action action, Instant now) {
    Setback.Attempt attempt =
        action instanceof Action.Create
            ? Setback.Attempt.CREATE
            : action instanceof Action.Delete ? Setback.Attempt.DELETE : Setback.Attempt.OTHER;
    return attempt != Setback.Attempt.OTHER
        && setback.filter(back -> back.holdsBack(attempt, now)).isPresent();
  }

  private Behavior<ResidentMessage> onPassed(Passed passed) {
    passing = false;
    metrics.passed(passed.outcome(), System.nanoTime() - passStarted);
    Instant now = parts.clock().instant();
    if (passed.outcome() instanceof ActionOutcome.Failed failed) {
      failures++;
      Duration wait = parts.settings().backoff(failures);
      getContext()
          .getLog()
          .debug("{}: {} (attempt {}, again in {})", key, failed.message(), failures, wait);
      setback = Optional.of(new Setback(failed.attempt(), failed.message(), now, now.plus(wait)));
      // What could not be made or deleted is at once reported in the status, and waits itself.
      notBefore = failed.attempt() == Setback.Attempt.OTHER ? now.plus(wait) : Instant.MIN;
      schedule(now);
      return this;
    }
    boolean waiting = setback.filter(back -> lastPass.isBefore(back.retryAt())).isPresent();
    if (setback.isPresent() && !waiting && !passed.heldBack()) {
      setback = Optional.empty();
      failures = 0;
      schedule(now);
      return this;
    }
    if (woken || !passed.done().isEmpty()) {
      schedule(now);
      return this;
    }
    Optional<Duration> retry = setback.map(back -> Duration.between(now, back.retryAt()));
    Plan.sooner(passed.again(), retry).ifPresent(wait -> schedule(now.plus(wait)));
    return this;
  }
}
