package dev.ensemble.actors.entity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import kamon.Kamon;
import kamon.metric.Histogram;
import kamon.metric.MeasurementUnit;

/** How long entities take to persist: from the decision to the acknowledgement. */
public final class EntityMetrics {
  private final Clock clock;
  private final Histogram persist =
      Kamon.histogram("ensemble_entity_persist_seconds", MeasurementUnit.time().nanoseconds())
          .withoutTags();

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
}
