package dev.ensemble.actors.controller;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Writes notes as core/v1 Events, one at a time: what was said before gets a higher count, who says
 * too much is not heard. When too many wait, new ones are dropped. One for each process.
 */
public final class EventRecorder extends AbstractBehavior<EventRecorder.Command> {
  /** Messages of a recorder. */
  public sealed interface Command {}

  record Heard(Note note, Optional<EventId> cause) implements Command {}

  private record Finished(
      EventCorrelator.Verdict verdict,
      Optional<EventId> cause,
      String name,
      String uid,
      Optional<Outcome> outcome)
      implements Command {}

  private final Supplier<ObjectStore> store;
  private final ControllerSettings settings;
  private final Clock clock;
  private final EventCorrelator correlator = new EventCorrelator();
  private final Deque<Heard> waiting = new ArrayDeque<>();
  private boolean writing;
  private long dropped;

  private EventRecorder(
      ActorContext<Command> context,
      Supplier<ObjectStore> store,
      ControllerSettings settings,
      Clock clock) {
    super(context);
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  /** {@code store} is asked for when the first note is written. */
  public static Behavior<Command> create(
      Supplier<ObjectStore> store, ControllerSettings settings, Clock clock) {
    return Behaviors.setup(context -> new EventRecorder(context, store, settings, clock));
  }

  /** The door to a running recorder. */
  public static Announcer announcer(ActorRef<Command> recorder) {
    return (note, cause) -> recorder.tell(new Heard(note, cause));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Heard.class, this::onHeard)
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
    waiting.add(message);
    writeNext();
    return this;
  }

  private void writeNext() {
    while (!writing && !waiting.isEmpty()) {
      Heard next = waiting.poll();
      correlator
          .judge(next.note(), clock.instant())
          .ifPresent(verdict -> write(verdict, next.cause()));
    }
  }

  private void write(EventCorrelator.Verdict verdict, Optional<EventId> cause) {
    writing = true;
    Instant now = clock.instant();
    Note note = verdict.note();
    String name =
        verdict
            .before()
            .map(EventCorrelator.Written::name)
            .orElseGet(() -> note.regarding().name() + "." + Long.toHexString(nanos(now)));
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
                Provenance.internal("system:controller:" + note.component(), now, cause));
    getContext()
        .pipeToSelf(
            written,
            (outcome, failure) ->
                new Finished(verdict, cause, name, uid, Optional.ofNullable(outcome)));
  }

  private Behavior<Command> onFinished(Finished finished) {
    writing = false;
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
        write(new EventCorrelator.Verdict(note, Optional.empty()), finished.cause());
        return this;
      }
    } else {
      int count = finished.verdict().before().map(EventCorrelator.Written::count).orElse(0) + 1;
      correlator.wrote(note, new EventCorrelator.Written(finished.name(), finished.uid(), count));
    }
    writeNext();
    return this;
  }

  private static long nanos(Instant now) {
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
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
