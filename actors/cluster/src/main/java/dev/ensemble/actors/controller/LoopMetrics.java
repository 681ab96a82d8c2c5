package dev.ensemble.actors.controller;

import dev.ensemble.actors.observe.Durations;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Histogram;
import kamon.tag.TagSet;

/**
 * Passes of all control loops of one controller, under the names that controller-runtime and
 * client-go's work queues have for them.
 */
final class LoopMetrics {
  private static final Map<String, LoopMetrics> ALL = new ConcurrentHashMap<>();

  private final Counter succeeded;
  private final Counter failed;
  private final Histogram duration;
  private final Counter added;
  private final Counter retried;
  private final Gauge depth;

  private LoopMetrics(String controller) {
    succeeded = reconciles(controller, "success");
    failed = reconciles(controller, "error");
    duration =
        Durations.histogram("controller_runtime_reconcile_time_seconds", "one pass of one object")
            .withTag("controller", controller);
    added = Kamon.counter("workqueue_adds_total").withTag("name", controller);
    retried = Kamon.counter("workqueue_retries_total").withTag("name", controller);
    depth = Kamon.gauge("workqueue_depth").withTag("name", controller);
  }

  private static Counter reconciles(String controller, String result) {
    return Kamon.counter("controller_runtime_reconcile_total")
        .withTags(TagSet.from(Map.of("controller", controller, "result", result)));
  }

  static LoopMetrics of(String controller) {
    return ALL.computeIfAbsent(controller, LoopMetrics::new);
  }

  /** An object that had nothing to do has now. */
  void waits() {
    added.increment();
    depth.increment();
  }

  /** It is looked at, or gone. */
  void waitsNoMore() {
    depth.decrement();
  }

  void passed(ActionOutcome outcome, long nanos) {
    boolean failure = outcome instanceof ActionOutcome.Failed;
    (failure ? failed : succeeded).increment();
    if (failure) {
      retried.increment();
    }
    duration.record(nanos);
  }
}
