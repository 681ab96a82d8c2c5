package dev.ensemble.actors.ledger;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.observe.RequestLog;
import dev.ensemble.actors.view.LedgerView.Tip;
import dev.ensemble.core.entity.Durability;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.LedgerUnavailableException;
import dev.ensemble.persistence.ledger.Tenure;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of one ledger. It claims the ledger, recovers its view, then gathers appends while
 * batches are being written. After a failure of the store it fails what is under way, claims the
 * ledger anew and learns from the store what became of it.
 */
public final class Ledger extends AbstractBehavior<Ledger.Command> {
  /** Messages of a ledger. */
  public interface Command {}

  private record Recovered(Tenure tenure, Optional<Batch> lastBatch) implements Command {}

  private record RecoveryFailed(Throwable failure) implements Command {}

  private record Written(Flight flight, Batch batch) implements Command {}

  private record WriteFailed(Throwable failure, long epoch) implements Command {}

  private enum Flushed implements Command {
    DONE
  }

  private record FlushFailed(Throwable failure) implements Command {}

  private enum Reopen implements Command {
    NOW
  }

  private enum FlushTick implements Command {
    NOW
  }

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  /** An outage must not fill the log: of more appends than this the first are told. */
  private static final int LOST_LOGGED_MAX = 100;

  private static final Duration REOPEN_BACKOFF_MIN = Duration.ofMillis(200);

  private final LedgerHandle handle;
  private final LedgerStore store;
  private final LedgerRecovery recovery;
  private final WriteBehind writeBehind;
  private final LedgerSettings settings;
  private final LedgerMetrics metrics;
  private final Clock clock;
  private final TimerScheduler<Command> timers;

  private final Deque<Append> pending = new ArrayDeque<>();
  private final Deque<Flight> flights = new ArrayDeque<>();
  private final Map<String, Tip> inFlight = new HashMap<>();
  private Optional<Tenure> tenure = Optional.empty();
  private Optional<Batch> lastBatch = Optional.empty();
  private RevisionClock revisions;
  private Duration backoff = REOPEN_BACKOFF_MIN;
  private long openedAt;

  private Ledger(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      LedgerHandle handle,
      LedgerParts parts) {
    super(context);
    this.timers = timers;
    this.handle = handle;
    this.store = parts.store();
    this.settings = parts.settings();
    this.clock = parts.clock();
    this.recovery = new LedgerRecovery(handle, parts.store(), parts.sealer());
    this.writeBehind = new WriteBehind(handle, parts.store(), parts.sealer());
    this.metrics = new LedgerMetrics(handle.name());
    this.revisions = new RevisionClock(settings.datacenter(), 0);
    timers.startTimerWithFixedDelay(FlushTick.NOW, settings.flushInterval());
    open();
  }

  static Behavior<Command> create(LedgerHandle handle, LedgerParts parts) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Ledger(context, timers, handle, parts)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Append.class, this::onAppend)
        .onMessage(Written.class, this::onWritten)
        .onMessage(WriteFailed.class, this::onWriteFailed)
        .onMessage(Recovered.class, this::onRecovered)
        .onMessage(RecoveryFailed.class, this::onRecoveryFailed)
        .onMessage(Reopen.class, reopen -> open())
        .onMessage(FlushTick.class, tick -> onFlushTick())
        .onMessage(Flushed.class, this::onFlushed)
        .onMessage(FlushFailed.class, this::onFlushFailed)
        .onSignal(PostStop.class, this::onStop)
        .build();
  }

  private Behavior<Command> open() {
    openedAt = System.nanoTime();
    getContext()
        .pipeToSelf(
            recovery.run(),
            (recovered, failure) ->
                failure == null
                    ? new Recovered(recovered.tenure(), recovered.lastBatch())
                    : new RecoveryFailed(failure));
    return this;
  }

  private Behavior<Command> onRecovered(Recovered recovered) {
    tenure = Optional.of(recovered.tenure());
    lastBatch = recovered.lastBatch();
    revisions = new RevisionClock(settings.datacenter(), recovered.tenure().lastRevision());
    backoff = REOPEN_BACKOFF_MIN;
    recovery.takeDirty(writeBehind, clock.instant());
    metrics.recovered(System.nanoTime() - openedAt);
    getContext()
        .getLog()
        .info(
            "ledger {} recovered: epoch {}, {} objects, last batch {}",
            handle.name(),
            recovered.tenure().epoch(),
            handle.view().snapshot().size(),
            recovered.tenure().lastBatch());
    handle.started(getContext().getSelf());
    return writeNext();
  }

  private Behavior<Command> onRecoveryFailed(RecoveryFailed failed) {
    getContext()
        .getLog()
        .warn("ledger {} does not open: {}", handle.name(), failed.failure().toString());
    timers.startSingleTimer(Reopen.NOW, backoff);
    Duration doubled = backoff.multipliedBy(2);
    backoff =
        doubled.compareTo(settings.reopenBackoffMax()) > 0 ? settings.reopenBackoffMax() : doubled;
    return this;
  }

  private Behavior<Command> onAppend(Append append) {
    if (tenure.isEmpty()) {
      append.refuse(new LedgerUnavailableException("ledger " + handle.name() + " is not open"));
      return this;
    }
    if (isFull()) {
      metrics.refused();
      append.refuse(new LedgerOverloadedException(handle.name()));
      return this;
    }
    pending.addLast(append);
    return writeNext();
  }

  private Behavior<Command> writeNext() {
    while (!pending.isEmpty() && flights.size() < settings.flightsMax()) {
      Durability durability = pending.peekFirst().durability();
      BatchAssembly assembly = new BatchAssembly(durability, this::tip, revisions, clock.instant());
      int events = 0;
      int bytes = 0;
      while (!pending.isEmpty()
          && events < Batch.MAX_EVENTS / 2
          && bytes < Batch.TARGET_BYTES
          && pending.peekFirst().durability() == durability) {
        Append append = pending.removeFirst();
        events += append.events().size();
        bytes += append.bytes();
        assembly.add(append);
      }
      if (!assembly.isEmpty()) {
        depart(assembly.close(this::chain));
      }
    }
    handle.full(isFull());
    return this;
  }

  private boolean isFull() {
    return pending.size() >= settings.pendingAppendsMax() || writeBehind.isFull();
  }

  private Batch chain(List<EventRecord> records) {
    return lastBatch
        .map(last -> last.followedBy(records))
        .orElseGet(() -> tenure.orElseThrow().firstBatch(records));
  }

  private void depart(Flight flight) {
    flights.addLast(flight);
    inFlight.putAll(flight.tips());
    flight.batch().ifPresent(batch -> send(batch, flight));
    landInMemory();
  }

  private void send(Batch batch, Flight flight) {
    lastBatch = Optional.of(batch);
    metrics.sent(batch.events().size());
    long started = System.nanoTime();
    getContext()
        .pipeToSelf(
            store.append(batch),
            (done, failure) -> {
              metrics.written(System.nanoTime() - started);
              return failure == null
                  ? new Written(flight, batch)
                  : new WriteFailed(failure, batch.epoch());
            });
  }

  /** The store completes appends in order, so this is always the oldest flight. */
  private Behavior<Command> onWritten(Written written) {
    if (tenure.isEmpty() || tenure.get().epoch() != written.batch().epoch()) {
      // Of a tenure that has failed meanwhile: its appends were answered as unknown, recovery has
      // read it.
      return this;
    }
    land(flights.removeFirst());
    writeBehind.add(
        written.flight().tips(),
        written.flight().index(),
        Flight.watermark(written.batch()),
        clock.instant());
    recovery.reached(Flight.watermark(written.batch()));
    landInMemory();
    if (writeBehind.isDue(settings.flushEntitiesMax())) {
      flush();
    }
    return writeNext();
  }

  private void landInMemory() {
    while (!flights.isEmpty() && flights.peekFirst().batch().isEmpty()) {
      land(flights.removeFirst());
    }
  }

  private void land(Flight flight) {
    flight.tips().forEach(inFlight::remove); // (entity, tip): keeps the tip of a later flight
    handle.view().publish(flight.changes(), flight.tips());
    flight.appends().forEach(append -> append.done().complete(null));
  }

  private Behavior<Command> onWriteFailed(WriteFailed failed) {
    if (tenure.isEmpty() || tenure.get().epoch() != failed.epoch()) {
      return this;
    }
    getContext()
        .getLog()
        .warn("ledger {} lost a batch's outcome: {}", handle.name(), failed.failure().toString());
    metrics.failed();
    abandon(failed.failure());
    return open();
  }

  private void abandon(Throwable failure) {
    handle.stopped();
    tenure = Optional.empty();
    lastBatch = Optional.empty();
    inFlight.clear();
    List<Append> unknown = new ArrayList<>();
    flights.forEach(flight -> unknown.addAll(flight.appends()));
    flights.clear();
    unknown.stream()
        .limit(LOST_LOGGED_MAX)
        .forEach(append -> logLost(append, "outcome unknown", failure));
    unknown.forEach(append -> append.done().completeExceptionally(failure));
    LedgerUnavailableException lost =
        new LedgerUnavailableException("ledger " + handle.name() + " lost its store");
    pending.stream().limit(LOST_LOGGED_MAX).forEach(append -> logLost(append, "not written", lost));
    pending.forEach(append -> append.refuse(lost));
    pending.clear();
    handle.full(isFull());
  }

  /** With the id of the request, so that one that failed can be followed to here. */
  private void logLost(Append append, String what, Throwable failure) {
    RequestLog.about(
        append.requestId(),
        () ->
            LOG.warn(
                "ledger {}: {} from event {}: {}: {}",
                handle.name(),
                append.entity(),
                append.firstSequence(),
                what,
                failure.toString()));
  }

  private Optional<Tip> tip(String entity) {
    Tip flying = inFlight.get(entity);
    return flying == null ? handle.view().tip(entity) : Optional.of(flying);
  }

  private Behavior<Command> onFlushTick() {
    metrics.waiting(pending.size(), flights.size());
    metrics.writeBehind(writeBehind.size(), writeBehind.lag(clock.instant()));
    metrics.holds(handle.view().snapshot().size());
    return flush();
  }

  private Behavior<Command> flush() {
    writeBehind
        .begin()
        .ifPresent(
            pass ->
                getContext()
                    .pipeToSelf(
                        writeBehind.write(pass),
                        (done, failure) ->
                            failure == null ? Flushed.DONE : new FlushFailed(failure)));
    return this;
  }

  private Behavior<Command> onFlushed(Flushed flushed) {
    writeBehind.succeeded();
    handle.full(isFull());
    return this;
  }

  private Behavior<Command> onFlushFailed(FlushFailed failed) {
    getContext()
        .getLog()
        .warn(
            "ledger {}: write-behind failed, to be repeated: {}",
            handle.name(),
            failed.failure().toString());
    writeBehind.failed();
    return this;
  }

  private Behavior<Command> onStop(PostStop stop) {
    abandon(new LedgerUnavailableException("ledger " + handle.name() + " stops"));
    return this;
  }
}
