package dev.ensemble.actors.ledger;

import dev.ensemble.actors.observe.Durations;
import java.time.Duration;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.DynamicRange;
import kamon.metric.Gauge;
import kamon.metric.Histogram;
import kamon.metric.MeasurementUnit;

/**
 * A ledger's metrics: batches, the time one takes to be durable, recoveries, refusals, failures;
 * and what waits: appends for a batch, batches for the store, changes for the checkpoint.
 */
final class LedgerMetrics {
  private final Histogram batchEvents;
  private final Histogram writeTime;
  private final Counter refusals;
  private final Counter failures;
  private final Histogram recovery;
  private final Gauge waitingAppends;
  private final Gauge flying;
  private final Gauge unwritten;
  private final Gauge lag;
  private final Gauge objects;

  LedgerMetrics(String ledger) {
    batchEvents =
        Kamon.histogram(
                "ensemble_ledger_batch_events",
                MeasurementUnit.none(),
                new DynamicRange(1, 10_000, 1))
            .withTag("ledger", ledger);
    writeTime =
        Durations.histogram("ensemble_ledger_batch_write_seconds", "until a batch is durable")
            .withTag("ledger", ledger);
    recovery =
        Durations.histogram("ensemble_ledger_recovery_seconds", "until a ledger takes writes")
            .withTag("ledger", ledger);
    waitingAppends = Kamon.gauge("ensemble_ledger_waiting_appends").withTag("ledger", ledger);
    flying = Kamon.gauge("ensemble_ledger_batches_in_flight").withTag("ledger", ledger);
    unwritten = Kamon.gauge("ensemble_ledger_write_behind_entities").withTag("ledger", ledger);
    lag = Kamon.gauge("ensemble_ledger_write_behind_lag_seconds").withTag("ledger", ledger);
    objects = Kamon.gauge("apiserver_storage_objects").withTag("resource", ledger);
    refusals = Kamon.counter("ensemble_ledger_appends_refused_total").withTag("ledger", ledger);
    failures = Kamon.counter("ensemble_ledger_batches_failed_total").withTag("ledger", ledger);
  }

  void sent(int events) {
    batchEvents.record(events);
  }

  void written(long nanos) {
    writeTime.record(nanos);
  }

  void refused() {
    refusals.increment();
  }

  void failed() {
    failures.increment();
  }

  void recovered(long nanos) {
    recovery.record(nanos);
  }

  void waiting(int appends, int batches) {
    waitingAppends.update(appends);
    flying.update(batches);
  }

  /**
   * @param since how long the oldest change has not been in the checkpoint
   */
  void writeBehind(int entities, Duration since) {
    unwritten.update(entities);
    lag.update(since.toMillis() / 1000.0);
  }

  void holds(int count) {
    objects.update(count);
  }
}
