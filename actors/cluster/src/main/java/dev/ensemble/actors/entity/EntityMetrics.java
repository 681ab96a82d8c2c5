package dev.ensemble.actors.entity;

import dev.ensemble.actors.observe.Durations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Histogram;

/**
 * How long entities take to persist, from the decision to the acknowledgement, and to recover, from
 * the start to the state; and how often the journal did not confirm.
 */
public final class EntityMetrics {
  private final Clock clock;
  private final Histogram persist =
      Durations.histogram("ensemble_entity_persist_seconds", "until a change is acknowledged")
          .withoutTags();
  private final Histogram recovery =
      Durations.histogram("ensemble_entity_recovery_seconds", "until an entity has its state")
          .withoutTags();
  private final Counter unconfirmed =
      Kamon.counter("ensemble_entity_persists_unconfirmed_total").withoutTags();

  /** Metrics on one clock. */
  public EntityMetrics(Clock clock) {
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  void persisted(Instant started) {
    persist.record(Math.max(0, Duration.between(started, clock.instant()).toNanos()));
  }

  void recovered(long nanos) {
    recovery.record(nanos);
  }

  void unconfirmed() {
    unconfirmed.increment();
  }
}
