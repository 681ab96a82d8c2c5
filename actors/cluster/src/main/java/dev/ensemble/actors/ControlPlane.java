package dev.ensemble.actors;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import dev.ensemble.actors.entity.JournalPlugins;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.ledger.LedgerParts;
import dev.ensemble.actors.ledger.LedgerSettings;
import dev.ensemble.actors.ledger.Ledgers;
import dev.ensemble.actors.store.ClusterObjectStore;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.StoreSettings;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The actor system with its ledgers and entities: all of the control plane but the API. */
public final class ControlPlane {
  private final ActorSystem<?> system;
  private final Ledgers ledgers;
  private final ObjectStore store;

  private ControlPlane(ActorSystem<?> system, Ledgers ledgers, ObjectStore store) {
    this.system = system;
    this.ledgers = ledgers;
    this.store = store;
  }

  /**
   * What a control plane is made of.
   *
   * @param config with the sections {@code akka} and {@code ensemble}
   * @param residents the active part of kinds that have one
   */
  public record Parts(
      Config config,
      ResourceTypes types,
      LedgerStore ledgerStore,
      Sealer sealer,
      Map<ResourceName, Resident> residents,
      Clock clock) {
    public Parts {
      residents = Map.copyOf(residents);
    }
  }

  /**
   * Starts a cluster of one process. Ledgers recover in the background: see {@link
   * Ledgers#recovered}.
   */
  public static ControlPlane start(Parts parts) {
    return start(system(parts.config(), parts.types()), parts);
  }

  /** The actor system alone, which takes a second and needs no store. */
  public static ActorSystem<Void> system(Config config, ResourceTypes types) {
    return ActorSystem.create(
        Behaviors.empty(), "ensemble", JournalPlugins.configured(config, types));
  }

  /** As {@link #start(Parts)}, on a system that was made of the same configuration and types. */
  public static ControlPlane start(ActorSystem<Void> system, Parts parts) {
    Config config = system.settings().config();
    Ledgers ledgers =
        Ledgers.start(
            system,
            parts.types(),
            new LedgerParts(
                parts.ledgerStore(),
                parts.sealer(),
                LedgerSettings.from(config.getConfig("ensemble.ledger")),
                parts.clock()));
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ObjectStore store =
        ClusterObjectStore.start(
            system,
            parts.types(),
            ledgers,
            parts.residents(),
            StoreSettings.from(config.getConfig("ensemble.store")),
            parts.clock());
    return new ControlPlane(system, ledgers, store);
  }

  public ActorSystem<?> system() {
    return system;
  }

  public Ledgers ledgers() {
    return ledgers;
  }

  public ObjectStore store() {
    return store;
  }

  /** Leaves the cluster and stops. Writes under way end first or become unknown. */
  public CompletionStage<Done> stop() {
    return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
  }
}
