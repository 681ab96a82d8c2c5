package dev.ensemble.actors.scheduler;

import dev.ensemble.actors.observe.Durations;
import dev.ensemble.core.scheduling.SchedulingQueue;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Histogram;
import kamon.tag.TagSet;

/** A scheduler's attempts and queues, under kube-scheduler's names. */
final class SchedulerMetrics {
  private final Map<Floor.Attempt, Counter> attempts = new EnumMap<>(Floor.Attempt.class);
  private final Map<Floor.Attempt, Histogram> durations = new EnumMap<>(Floor.Attempt.class);
  private final Gauge active;
  private final Gauge backoff;
  private final Gauge unschedulable;
  private final Gauge gated;

  SchedulerMetrics(String profile) {
    for (Floor.Attempt attempt : Floor.Attempt.values()) {
      TagSet tags =
          TagSet.from(
              Map.of("profile", profile, "result", attempt.name().toLowerCase(Locale.ROOT)));
      attempts.put(attempt, Kamon.counter("scheduler_schedule_attempts_total").withTags(tags));
      durations.put(
          attempt,
          Durations.histogram(
                  "scheduler_scheduling_attempt_duration_seconds",
                  "from the queue to the node's answer")
              .withTags(tags));
    }
    active = pending("active");
    backoff = pending("backoff");
    unschedulable = pending("unschedulable");
    gated = pending("gated");
  }

  private static Gauge pending(String queue) {
    return Kamon.gauge("scheduler_pending_pods").withTag("queue", queue);
  }

  void attempted(Floor.Attempt attempt, Duration took) {
    attempts.get(attempt).increment();
    durations.get(attempt).record(Math.max(0, took.toNanos()));
  }

  void waiting(SchedulingQueue.Counts counts) {
    active.update(counts.active());
    backoff.update(counts.backoff());
    unschedulable.update(counts.unschedulable());
    gated.update(counts.gated());
  }
}
