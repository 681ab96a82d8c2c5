package dev.ensemble.actors.entity;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.ensemble.actors.entity.EntityReply.NotWritten.Cause;
import dev.ensemble.actors.ledger.AfterImage;
import dev.ensemble.actors.ledger.LedgerOverloadedException;
import dev.ensemble.actors.observe.RequestLog;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.core.entity.Decision;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.ObjectDecider;
import dev.ensemble.core.entity.ObjectEvent;
import dev.ensemble.core.entity.ObjectEventCodec;
import dev.ensemble.core.entity.ObjectState;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.ResourceType.Secrecy;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.journal.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only writer of one object. Wiring: every rule is in {@link ObjectDecider}. */
public final class ObjectEntity
    extends EventSourcedBehaviorWithEnforcedReplies<ObjectEntity.Command, Recorded, EntityState> {

  /** Messages of an entity. */
  public sealed interface Command {}

  /** Asks for a command to be decided. */
  public record Submit(ObjectCommand command, Provenance provenance, ActorRef<EntityReply> replyTo)
      implements Command {}

  /** For the object's resident, when it has one. */
  public record ToResident(ResidentMessage message) implements Command {}

  /** Stops the entity: sharding moves it or it was idle. */
  public enum Stop implements Command {
    NOW
  }

  private static final Logger LOG = LoggerFactory.getLogger(ObjectEntity.class);

  /** Room for a status, a finalizer, a mark of deletion: what exists must be able to go on. */
  private static final int GROWTH_WHEN_FULL_MAX = 4096;

  private final ActorContext<Command> context;
  private final ObjectKey key;
  private final ObjectDecider decider;
  private final EntityParts parts;
  private final long startedNanos = System.nanoTime();
  private Optional<ActorRef<ResidentMessage>> resident = Optional.empty();
  private Optional<Persisting> persisting = Optional.empty();

  private record Persisting(Submit submit, Recorded last) {}

  private ObjectEntity(ActorContext<Command> context, ObjectKey key, EntityParts parts) {
    super(PersistenceId.ofUniqueId(key.entityId()));
    this.context = context;
    this.key = key;
    this.decider = new ObjectDecider(key);
    this.parts = parts;
  }

  /** An entity of the object that {@code entityId} names. */
  public static Behavior<Command> create(String entityId, EntityParts parts) {
    return Behaviors.setup(context -> new ObjectEntity(context, ObjectKey.parse(entityId), parts));
  }

  @Override
  public String journalPluginId() {
    return JournalPlugins.journalId(key.resource());
  }

  @Override
  public String snapshotPluginId() {
    return JournalPlugins.SNAPSHOTS;
  }

  @Override
  public EntityState emptyState() {
    return new EntityState(ObjectDecider.absent());
  }

  @Override
  public CommandHandlerWithReply<Command, Recorded, EntityState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Submit.class, this::onSubmit)
        .onCommand(ToResident.class, this::onToResident)
        .onCommand(Stop.class, stop -> Effect().stop().thenNoReply())
        .build();
  }

  private ReplyEffect<Recorded, EntityState> onSubmit(EntityState state, Submit submit) {
    Decision decision =
        decider.decide(
            state.object(),
            lastSequenceNumber(context),
            submit.command(),
            submit.provenance().at());
    if (decision instanceof Decision.Rejected rejected) {
      debug(submit, () -> LOG.debug("{} refuses: {}", key, rejected.rejection()));
      return Effect().reply(submit.replyTo(), new EntityReply.Rejected(rejected.rejection()));
    }
    List<ObjectEvent> events = ((Decision.Accepted) decision).events();
    if (events.isEmpty()) {
      return Effect().reply(submit.replyTo(), EntityReply.Unchanged.INSTANCE);
    }
    List<Recorded> recorded = record(state.object(), events, submit.provenance());
    Recorded last = recorded.get(recorded.size() - 1);
    if (parts.heldBytes().isFull() && addsMuch(state, last)) {
      return Effect()
          .reply(
              submit.replyTo(),
              new EntityReply.Rejected(new Rejection.InsufficientStorage(noRoom())));
    }
    persisting = Optional.of(new Persisting(submit, last));
    Instant started = parts.metrics().now();
    return Effect()
        .persist(recorded)
        .thenRun(
            next -> {
              persisting = Optional.empty();
              parts.metrics().persisted(started);
              logAccepted(submit, events);
              keepResident(next);
            })
        .thenReply(submit.replyTo(), next -> reply(next, last));
  }

  private void logAccepted(Submit submit, List<ObjectEvent> events) {
    debug(
        submit,
        () ->
            LOG.debug(
                "{} took {} as event {}",
                key,
                events.stream().map(ObjectEventCodec::wireName).toList(),
                lastSequenceNumber(context)));
  }

  private static void debug(Submit submit, Runnable line) {
    if (LOG.isDebugEnabled()) {
      RequestLog.about(submit.provenance().requestId(), line);
    }
  }

  /** Whether an event makes an object, or makes one much larger. */
  private boolean addsMuch(EntityState before, Recorded last) {
    Optional<StoredVersion.Draft> draft = ((AfterImage) last.attachment()).draft();
    if (draft.isEmpty()) {
      return false;
    }
    if (ObjectDecider.objectOf(before.object()).isEmpty()) {
      return true;
    }
    int held =
        parts
            .store()
            .get()
            .view(key.resource())
            .snapshot()
            .get(key.namespace(), key.name())
            .map(object -> object.json().length)
            .orElse(0);
    return draft.get().bytes() > held + GROWTH_WHEN_FULL_MAX;
  }

  private String noRoom() {
    return "the control plane holds "
        + parts.heldBytes().held()
        + " bytes of objects and may hold "
        + parts.heldBytes().max()
        + ": delete some, or give it more memory";
  }

  private static EntityReply reply(EntityState state, Recorded last) {
    StoredObject object =
        (StoredObject)
            last.receipt()
                .orElseThrow(() -> new IllegalStateException("acknowledged without a receipt"));
    return ObjectDecider.objectOf(state.object()).isPresent()
        ? new EntityReply.Committed(object)
        : new EntityReply.Removed(object);
  }

  private List<Recorded> record(
      ObjectState before, List<ObjectEvent> events, Provenance provenance) {
    List<Recorded> recorded = new ArrayList<>(events.size());
    ObjectState state = before;
    for (ObjectEvent event : events) {
      ObjectState next = ObjectDecider.evolve(state, event);
      String uid =
          ObjectDecider.objectOf(next)
              .or(() -> ObjectDecider.objectOf(before))
              .map(object -> object.path("metadata").path("uid").asText())
              .orElse("");
      AfterImage after =
          new AfterImage(
              next,
              ObjectDecider.objectOf(next).map(object -> StoredVersion.Draft.of(key, object)),
              uid);
      recorded.add(
          new Recorded(
              ObjectEventCodec.wireName(event),
              ObjectEventCodec.VERSION,
              ObjectEventCodec.encode(event),
              provenance,
              parts.secrecyOf(key.resource()) == Secrecy.SEALED
                  ? Optional.of(uid)
                  : Optional.empty(),
              after));
      state = next;
    }
    return recorded;
  }

  private ReplyEffect<Recorded, EntityState> onToResident(ToResident message) {
    resident.ifPresent(actor -> actor.tell(message.message()));
    return Effect().noReply();
  }

  /**
   * Live events bring the state that they lead to; there are none to replay (see LedgerSnapshots).
   */
  @Override
  public EventHandler<EntityState, Recorded> eventHandler() {
    return (state, recorded) -> new EntityState(((AfterImage) recorded.attachment()).next());
  }

  @Override
  public SignalHandler<EntityState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(PostStop.instance(), state -> answerUnfinished())
        .build();
  }

  private void onRecovered(EntityState state) {
    parts.metrics().recovered(System.nanoTime() - startedNanos);
    keepResident(state);
  }

  /** A failed persist stops the entity: whoever waits must not wait for a time limit. */
  private void answerUnfinished() {
    persisting.ifPresent(
        persist -> {
          Optional<Throwable> refusal = persist.last().refusal();
          if (refusal.isEmpty()) {
            parts.metrics().unconfirmed();
          }
          RequestLog.about(
              persist.submit().provenance().requestId(),
              () ->
                  LOG.warn(
                      "{}: the journal {} a change",
                      key,
                      refusal.isEmpty() ? "did not confirm" : "did not take"));
          persist
              .submit()
              .replyTo()
              .tell(refusal.map(ObjectEntity::notWritten).orElse(EntityReply.Unknown.INSTANCE));
        });
  }

  private static EntityReply notWritten(Throwable refusal) {
    return new EntityReply.NotWritten(
        refusal instanceof LedgerOverloadedException ? Cause.OVERLOADED : Cause.UNAVAILABLE);
  }

  private void keepResident(EntityState state) {
    boolean lives = ObjectDecider.objectOf(state.object()).isPresent();
    if (lives && resident.isEmpty()) {
      resident = parts.residentOf(key).map(behavior -> context.spawn(behavior, "resident"));
    } else if (!lives && resident.isPresent()) {
      context.stop(resident.get());
      resident = Optional.empty();
    }
  }
}
