package dev.ensemble.agent.observe;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Histogram;
import kamon.metric.MeasurementUnit;
import kamon.metric.Metric;
import kamon.tag.TagSet;

/**
 * Measures with Kamon, under the kubelet's names where there are some. Labels are of a few known
 * values only, never names of pods: series do not grow with what runs.
 */
public final class KamonAgentMetrics implements AgentMetrics {
  private final Metric.Counter calls = Kamon.counter("kubelet_runtime_operations_total");
  private final Metric.Histogram callTimes = time("kubelet_runtime_operations_duration");
  private final Metric.Histogram pullTimes = time("kubelet_image_pull_duration");
  private final Histogram startTimes = time("kubelet_pod_start_duration").withoutTags();
  private final Metric.Counter probes = Kamon.counter("prober_probe_total");
  private final Metric.Histogram probeTimes = time("prober_probe_duration");
  private final Metric.Counter tokens = Kamon.counter("ensemble_agent_token_requests_total");
  private final Counter imagesRemoved =
      Kamon.counter("kubelet_image_garbage_collected_total").withTag("reason", "space");
  private final Map<String, Series> callSeries = new ConcurrentHashMap<>();

  private record Series(Counter total, Histogram duration) {}

  /** Kamon adds _seconds to the name. */
  private static Metric.Histogram time(String name) {
    return Kamon.histogram(name, MeasurementUnit.time().nanoseconds());
  }

  @Override
  public void called(String operation, String outcome, Duration took) {
    Series series =
        callSeries.computeIfAbsent(
            operation + ' ' + outcome,
            key -> {
              TagSet tags = TagSet.from(Map.of("operation_type", operation, "outcome", outcome));
              return new Series(calls.withTags(tags), callTimes.withTags(tags));
            });
    series.total().increment();
    series.duration().record(took.toNanos());
  }

  @Override
  public void pulled(Outcome outcome, Duration took) {
    pullTimes.withTag("outcome", outcome.word()).record(took.toNanos());
  }

  @Override
  public void podStarted(Duration took) {
    startTimes.record(took.toNanos());
  }

  @Override
  public void probed(String kind, Outcome outcome, Duration took) {
    probes.withTag("probe_type", kind).withTag("result", outcome.word()).increment();
    probeTimes.withTag("probe_type", kind).record(took.toNanos());
  }

  @Override
  public void tokenRequested(Outcome outcome) {
    tokens.withTag("outcome", outcome.word()).increment();
  }

  @Override
  public void imageRemoved() {
    imagesRemoved.increment();
  }
}
