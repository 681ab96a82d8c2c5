package dev.ensemble.persistence.journal;

import akka.dispatch.Futures;
import akka.persistence.SelectedSnapshot;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotSelectionCriteria;
import akka.persistence.snapshot.japi.SnapshotStore;
import java.util.Optional;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * The snapshot store of entities: the ledger's own image of an object is a snapshot at its newest
 * event, so an entity recovers without a read from Cassandra. See
 * docs/adr/0003-recovery-from-the-view.md.
 */
public final class LedgerSnapshots extends SnapshotStore {
  private final LedgerGateway ledgers = LedgerGateways.of(context().system()).gateway();

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return FutureConverters.asScala(
        ledgers.tip(persistenceId).thenApply(tip -> snapshot(persistenceId, tip)));
  }

  private static Optional<SelectedSnapshot> snapshot(String persistenceId, LedgerGateway.Tip tip) {
    return tip.sequence() == 0
        ? Optional.empty()
        : Optional.of(
            SelectedSnapshot.create(
                new SnapshotMetadata(persistenceId, tip.sequence(), 0), tip.state()));
  }

  /** Checkpoints are the ledger's: entities never save one. */
  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    return Futures.failed(
        new IllegalStateException("entities do not save snapshots: " + metadata.persistenceId()));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    return Futures.failed(
        new IllegalStateException("entities do not delete snapshots: " + metadata.persistenceId()));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return Futures.failed(
        new IllegalStateException("entities do not delete snapshots: " + persistenceId));
  }
}
