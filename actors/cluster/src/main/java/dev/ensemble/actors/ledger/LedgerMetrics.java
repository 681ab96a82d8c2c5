package dev.ensemble.actors.ledger;

import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Histogram;
import kamon.metric.MeasurementUnit;

/** A ledger's metrics: batch sizes, the time a batch takes to be durable, refusals, failures. */
final class LedgerMetrics {
  private final Histogram batchEvents;
  private final Histogram writeTime;
  private final Counter refusals;
  private final Counter failures;

  LedgerMetrics(String ledger) {
    batchEvents = Kamon.histogram("ensemble_ledger_batch_events").withTag("ledger", ledger);
    writeTime =
        Kamon.histogram("ensemble_ledger_batch_write_seconds", MeasurementUnit.time().nanoseconds())
            .withTag("ledger", ledger);
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
}
