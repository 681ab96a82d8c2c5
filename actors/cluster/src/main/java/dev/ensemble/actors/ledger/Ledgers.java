package dev.ensemble.actors.ledger;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import dev.ensemble.actors.entity.EntityState;
import dev.ensemble.actors.observe.MeasuredMailbox;
import dev.ensemble.actors.view.HeldBytes;
import dev.ensemble.actors.view.LedgerView;
import dev.ensemble.core.entity.ObjectDecider;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceType.Secrecy;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.journal.LedgerGateway;
import dev.ensemble.persistence.journal.LedgerGateways;
import dev.ensemble.persistence.journal.Recorded;
import dev.ensemble.persistence.ledger.LedgerUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** All ledgers of this process, by resource; what journals append to and recover from. */
public final class Ledgers implements LedgerGateway {
  private static final Duration TIP_WAIT_MAX = Duration.ofSeconds(30);

  private final Map<ResourceName, LedgerHandle> handles;
  private final LedgerParts parts;
  private final HeldBytes heldBytes;

  private Ledgers(Map<ResourceName, LedgerHandle> handles, LedgerParts parts, HeldBytes heldBytes) {
    this.handles = handles;
    this.parts = parts;
    this.heldBytes = heldBytes;
  }

  /**
   * Starts the ledgers of all resource types. They recover in the background: see {@link
   * #recovered}.
   */
  public static Ledgers start(ActorSystem<?> system, ResourceTypes types, LedgerParts parts) {
    HeldBytes heldBytes = new HeldBytes(parts.settings().heldBytesMax());
    Map<ResourceName, LedgerHandle> handles = new LinkedHashMap<>();
    PastReads reads = new PastReads(parts.settings().past());
    for (ResourceType type : types.stored()) {
      handles.computeIfAbsent(
          type.name(),
          name ->
              new LedgerHandle(
                  name,
                  type.secrecy(),
                  parts.settings().history(),
                  heldBytes,
                  new LedgerArchive(type, parts, reads)));
    }
    Ledgers ledgers = new Ledgers(Map.copyOf(handles), parts, heldBytes);
    LedgerGateways.of(system).provide(ledgers);
    for (LedgerHandle handle : handles.values()) {
      system.systemActorOf(
          Behaviors.supervise(Ledger.create(handle, parts))
              .onFailure(
                  SupervisorStrategy.restartWithBackoff(
                      Duration.ofMillis(200), Duration.ofSeconds(10), 0.1)),
          "ledger-" + handle.resource(),
          MeasuredMailbox.named(system));
    }
    return ledgers;
  }

  /**
   * The handle of a resource's ledger.
   *
   * @throws IllegalArgumentException when no such type is stored
   */
  public LedgerHandle handle(ResourceName resource) {
    LedgerHandle handle = handles.get(resource);
    if (handle == null) {
      throw new IllegalArgumentException("no resource type " + resource + " is stored");
    }
    return handle;
  }

  /** What the objects of all these ledgers take in memory. */
  public HeldBytes heldBytes() {
    return heldBytes;
  }

  public Iterable<LedgerHandle> all() {
    return handles.values();
  }

  /** Completes when every ledger has recovered and takes writes. */
  public CompletionStage<Void> recovered() {
    return CompletableFuture.allOf(
        handles.values().stream()
            .map(handle -> handle.running().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** Whether every ledger takes writes now. */
  public boolean areRunning() {
    return handles.values().stream().allMatch(LedgerHandle::isRunning);
  }

  @Override
  public CompletionStage<Void> append(String entity, long firstSequence, List<Recorded> events) {
    LedgerHandle handle = handle(ObjectKey.parse(entity).resource());
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (handle.secrecy() == Secrecy.OPEN) {
      List<Bytes> payloads = new ArrayList<>(events.size());
      events.forEach(event -> payloads.add(Bytes.of(event.payload())));
      send(handle, new Append(entity, firstSequence, events, payloads, done));
      return done;
    }
    return sealed(entity, events)
        .whenComplete(
            (payloads, failure) -> {
              if (failure != null) {
                events.forEach(event -> event.refused(failure));
              }
            })
        .thenCompose(
            payloads -> {
              send(handle, new Append(entity, firstSequence, events, payloads, done));
              return done;
            });
  }

  private CompletionStage<List<Bytes>> sealed(String entity, List<Recorded> events) {
    List<CompletableFuture<Bytes>> all = new ArrayList<>(events.size());
    for (Recorded event : events) {
      String uid =
          event
              .sealedFor()
              .orElseThrow(
                  () -> new IllegalStateException("a secret event without a uid: " + entity));
      all.add(parts.sealer().seal(entity, uid, Bytes.of(event.payload())).toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }

  private static void send(LedgerHandle handle, Append append) {
    CompletableFuture<ActorRef<Ledger.Command>> running = handle.running().toCompletableFuture();
    if (running.isDone()) {
      running.join().tell(append);
    } else {
      append.refuse(new LedgerUnavailableException("ledger " + handle.resource() + " is not open"));
    }
  }

  @Override
  public CompletionStage<Tip> tip(String entity) {
    LedgerHandle handle = handle(ObjectKey.parse(entity).resource());
    CompletableFuture<ActorRef<Ledger.Command>> running = handle.running().toCompletableFuture();
    if (running.isDone()) {
      return CompletableFuture.completedFuture(tip(handle, entity));
    }
    return running
        .thenApply(ledger -> tip(handle, entity))
        .orTimeout(TIP_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Tip tip(LedgerHandle handle, String entity) {
    return handle
        .view()
        .tip(entity)
        .map(Ledgers::tip)
        .orElseGet(() -> new Tip(0, new EntityState(ObjectDecider.absent())));
  }

  private static Tip tip(LedgerView.Tip tip) {
    return new Tip(
        tip.sequence(),
        new EntityState(
            tip.live()
                .map(version -> ObjectDecider.stateOf(version.entityTree()))
                .orElseGet(ObjectDecider::absent)));
  }
}
