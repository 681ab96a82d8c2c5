package dev.ensemble.actors.store;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import dev.ensemble.actors.entity.EntityMetrics;
import dev.ensemble.actors.entity.EntityParts;
import dev.ensemble.actors.entity.EntityReply;
import dev.ensemble.actors.entity.ObjectEntity;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.ledger.Ledgers;
import dev.ensemble.actors.observe.ClusterMetrics;
import dev.ensemble.actors.observe.MeasuredMailbox;
import dev.ensemble.actors.observe.ShardingMetrics;
import dev.ensemble.actors.store.StoreUnavailableException.Category;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.persistence.format.Provenance;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The object store of a cluster: entities by sharding, views from this process's ledgers. */
public final class ClusterObjectStore implements ObjectStore {
  private static final EntityTypeKey<ObjectEntity.Command> PASSIVE =
      EntityTypeKey.create(ObjectEntity.Command.class, "object");

  /** Objects with a resident are not passivated: their control loop must stay awake. */
  private static final EntityTypeKey<ObjectEntity.Command> ACTIVE =
      EntityTypeKey.create(ObjectEntity.Command.class, "active-object");

  private final ClusterSharding sharding;
  private final Ledgers ledgers;
  private final Set<ResourceName> active;
  private final StoreSettings settings;
  private final AtomicInteger underWay = new AtomicInteger();
  private final StoreMetrics metrics = new StoreMetrics();

  private ClusterObjectStore(
      ClusterSharding sharding, Ledgers ledgers, Set<ResourceName> active, StoreSettings settings) {
    this.sharding = sharding;
    this.ledgers = ledgers;
    this.active = active;
    this.settings = settings;
  }

  /** Starts sharding of entities on running ledgers. */
  public static ClusterObjectStore start(
      ActorSystem<?> system,
      ResourceTypes types,
      Ledgers ledgers,
      Map<ResourceName, Resident> residents,
      StoreSettings settings,
      Clock clock) {
    ClusterSharding sharding = ClusterSharding.get(system);
    ClusterObjectStore store =
        new ClusterObjectStore(sharding, ledgers, Set.copyOf(residents.keySet()), settings);
    EntityParts parts =
        new EntityParts(
            types, residents, () -> store, ledgers.heldBytes(), new EntityMetrics(clock));
    for (EntityTypeKey<ObjectEntity.Command> type : Set.of(PASSIVE, ACTIVE)) {
      sharding.init(
          Entity.of(type, context -> ObjectEntity.create(context.getEntityId(), parts))
              .withEntityProps(MeasuredMailbox.grouped(system, type.name()))
              .withStopMessage(ObjectEntity.Stop.NOW)
              .withSettings(
                  type.equals(ACTIVE) ? settings.alwaysAwake(system) : settings.passive(system)));
      ShardingMetrics.watch(system, type);
    }
    ClusterMetrics.watch(system);
    store.metrics.watch(system, store.underWay);
    return store;
  }

  @Override
  public View view(ResourceName resource) {
    return ledgers.handle(resource).view();
  }

  @Override
  public CompletionStage<Outcome> submit(
      ObjectKey key, ObjectCommand command, Provenance provenance) {
    if (underWay.incrementAndGet() > settings.commandsMax()) {
      underWay.decrementAndGet();
      metrics.ended(StoreMetrics.Result.OVERLOADED);
      return CompletableFuture.failedFuture(
          new StoreUnavailableException(Category.OVERLOADED, "too many commands are under way"));
    }
    if (ledgers.handle(key.resource()).isFull()) {
      underWay.decrementAndGet();
      metrics.ended(StoreMetrics.Result.OVERLOADED);
      return CompletableFuture.failedFuture(
          new StoreUnavailableException(
              Category.OVERLOADED, "too many changes wait to be written: " + key + " was not"));
    }
    return entity(key)
        .<EntityReply>ask(
            replyTo -> new ObjectEntity.Submit(command, provenance, replyTo),
            settings.commandTimeout())
        // On the thread that answers. A stage of Akka's makes handle() asynchronous, which on two
        // processors is a new thread for each before JDK 25.
        .handleAsync((reply, failure) -> outcome(key, reply, failure), Runnable::run);
  }

  @Override
  public void tell(ObjectKey key, ResidentMessage message) {
    entity(key).tell(new ObjectEntity.ToResident(message));
  }

  private EntityRef<ObjectEntity.Command> entity(ObjectKey key) {
    return sharding.entityRefFor(
        active.contains(key.resource()) ? ACTIVE : PASSIVE, key.entityId());
  }

  private Outcome outcome(ObjectKey key, EntityReply reply, Throwable failure) {
    underWay.decrementAndGet();
    metrics.ended(StoreMetrics.Result.of(reply, failure));
    if (failure != null) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      throw new StoreUnavailableException(
          cause instanceof TimeoutException ? Category.TIMEOUT : Category.UNKNOWN,
          "no answer for "
              + key
              + " within "
              + settings.commandTimeout().toSeconds()
              + " s: the change may have been made or not",
          cause);
    }
    if (reply instanceof EntityReply.Committed committed) {
      return new Outcome.Committed(committed.object());
    }
    if (reply instanceof EntityReply.Removed removed) {
      return new Outcome.Removed(removed.last());
    }
    if (reply instanceof EntityReply.Rejected rejected) {
      return new Outcome.Rejected(rejected.rejection());
    }
    if (reply instanceof EntityReply.NotWritten refused) {
      throw refused.cause() == EntityReply.NotWritten.Cause.OVERLOADED
          ? new StoreUnavailableException(
              Category.OVERLOADED, "too many changes wait to be written: " + key + " was not")
          : new StoreUnavailableException(
              Category.UNAVAILABLE, "the journal took no change of " + key);
    }
    if (reply == EntityReply.Unknown.INSTANCE) {
      throw new StoreUnavailableException(
          Category.UNKNOWN,
          "the journal did not confirm the write of " + key + ": it may have been made or not");
    }
    return ledgers
        .handle(key.resource())
        .view()
        .snapshot()
        .get(key.namespace(), key.name())
        .<Outcome>map(Outcome.Unchanged::new)
        .orElseGet(() -> new Outcome.Rejected(new Rejection.NotFound(key)));
  }
}
