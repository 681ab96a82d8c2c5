package dev.ensemble.actors.controller;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.Provenance;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Writes notes as core/v1 Events: what was said before gets a higher count, who says too much is
 * not heard. Those of a short time are written together, for they come when there is other work to
 * do, and share a batch then. When too many wait, new ones are dropped. One for each process.
 */
public final class EventRecorder extends AbstractBehavior<EventRecorder.Command> {
  /** Messages of a recorder. */
  public sealed interface Command {}

  record Heard(Note note, Optional<EventId> cause) implements Command {}

  private enum Gathered implements Command {
    NOW
  }

  /** A note that the correlator let pass. */
  private record Judged(Note note, Optional<EventId> cause, Instant at) {}

  private record Finished(
      EventCorrelator.Verdict verdict,
      Judged judged,
      String name,
      String uid,
      Optional<Outcome> outcome)
      implements Command {}

  private final TimerScheduler<Command> timers;
  private final Supplier<ObjectStore> store;
  private final ControllerSettings settings;
  private final Clock clock;
  private final EventCorrelator correlator = new EventCorrelator();
  private final Deque<Judged> waiting = new ArrayDeque<>();

  /** By the correlator's key: of notes that are one Event, one at a time is written. */
  private final Set<Note> underWay = new HashSet<>();

  private long dropped;
  private long lastNameNanos;

  private EventRecorder(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Supplier<ObjectStore> store,
      ControllerSettings settings,
      Clock clock) {
    super(context);
    this.timers = timers;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  /** {@code store} is asked for when the first note is written. */
  public static Behavior<Command> create(
      Supplier<ObjectStore> store, ControllerSettings settings, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new EventRecorder(context, timers, store, settings, clock)));
  }

  /** The door to a running recorder. */
  public static Announcer announcer(ActorRef<Command> recorder) {
    return (note, cause) -> recorder.tell(new Heard(note, cause));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Heard.class, this::onHeard)
        .onMessageEquals(Gathered.NOW, this::writeWaiting)
        .onMessage(Finished.class, this::onFinished)
        .build();
  }

  private Behavior<Command> onHeard(Heard message) {
    if (waiting.size() >= settings.eventsWaitingMax()) {
      dropped++;
      if (Long.bitCount(dropped) == 1) {
        getContext().getLog().warn("{} Events dropped: too many are waiting", dropped);
      }
      return this;
    }
    Instant now = clock.instant();
    correlator
        .judge(message.note(), now)
        .ifPresent(verdict -> waiting.add(new Judged(verdict.note(), message.cause(), now)));
    if (!waiting.isEmpty() && !timers.isTimerActive(Gathered.NOW)) {
      timers.startSingleTimer(Gathered.NOW, settings.eventsGathered());
    }
    return this;
  }

  /** In their order; what must wait for another write keeps its place. */
  private Behavior<Command> writeWaiting() {
    Iterator<Judged> each = waiting.iterator();
    while (each.hasNext() && underWay.size() < settings.commandsMax()) {
      Judged next = each.next();
      if (underWay.add(EventCorrelator.key(next.note()))) {
        each.remove();
        write(next, correlator.verdict(next.note()));
      }
    }
    return this;
  }

  private void write(Judged judged, EventCorrelator.Verdict verdict) {
    Instant now = judged.at();
    Note note = verdict.note();
    String name =
        verdict
            .before()
            .map(EventCorrelator.Written::name)
            .orElseGet(() -> note.regarding().name() + "." + Long.toHexString(nameNanos(now)));
    String uid =
        verdict
            .before()
            .map(EventCorrelator.Written::uid)
            .orElseGet(() -> UUID.randomUUID().toString());
    ObjectCommand command =
        verdict
            .before()
            .<ObjectCommand>map(
                before ->
                    new ObjectCommand.Amend(Optional.of(uid), again(note, before.count() + 1, now)))
            .orElseGet(() -> new ObjectCommand.Create(event(note, name, uid, now)));
    ObjectKey key = ObjectKey.of("events", namespace(note), name);
    CompletionStage<Outcome> written =
        store
            .get()
            .submit(
                key,
                command,
                Provenance.internal("system:controller:" + note.component(), now, judged.cause()));
    getContext()
        .pipeToSelf(
            written,
            (outcome, failure) ->
                new Finished(verdict, judged, name, uid, Optional.ofNullable(outcome)));
  }

  private Behavior<Command> onFinished(Finished finished) {
    Note note = finished.verdict().note();
    boolean refused = finished.outcome().filter(Outcome.Rejected.class::isInstance).isPresent();
    if (finished.outcome().isEmpty() || refused) {
      correlator.lost(note);
      boolean expired =
          finished
              .outcome()
              .map(outcome -> outcome instanceof Outcome.Rejected rejected ? rejected : null)
              .filter(rejected -> rejected.rejection() instanceof Rejection.NotFound)
              .isPresent();
      if (expired && finished.verdict().before().isPresent()) {
        write(finished.judged(), new EventCorrelator.Verdict(note, Optional.empty()));
        return this;
      }
    } else {
      int count = finished.verdict().before().map(EventCorrelator.Written::count).orElse(0) + 1;
      correlator.wrote(note, new EventCorrelator.Written(finished.name(), finished.uid(), count));
    }
    underWay.remove(EventCorrelator.key(note));
    // Only what waited for this write: the others are being gathered.
    return timers.isTimerActive(Gathered.NOW) ? this : writeWaiting();
  }

  /** The time, but never the same twice: names are made of it. */
  private long nameNanos(Instant now) {
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    lastNameNanos = Math.max(nanos, lastNameNanos + 1);
    return lastNameNanos;
  }

  private static String namespace(Note note) {
    return note.regarding().namespace().isEmpty() ? "default" : note.regarding().namespace();
  }

  private static ObjectNode event(Note note, String name, String uid, Instant now) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("apiVersion", "v1").put("kind", "Event");
    event
        .putObject("metadata")
        .put("name", name)
        .put("namespace", namespace(note))
        .put("uid", uid)
        .put("creationTimestamp", Conditions.written(now));
    event.set("involvedObject", note.regarding().json());
    event.put("reason", note.reason()).put("message", note.message());
    ObjectNode source = event.putObject("source").put("component", note.component());
    if (!note.host().isEmpty()) {
      source.put("host", note.host());
    }
    event.put("firstTimestamp", Conditions.written(now));
    event.put("lastTimestamp", Conditions.written(now));
    event.put("count", 1).put("type", note.type().word());
    event.put("reportingComponent", note.component()).put("reportingInstance", note.host());
    return event;
  }

  private static ObjectNode again(Note note, int count, Instant now) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("count", count)
        .put("message", note.message())
        .put("lastTimestamp", Conditions.written(now));
  }
}
