package dev.ensemble.loadtest.api;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** What all watchers together have received. */
final class WatchTally {
  private final Histogram latency = new Histogram(Duration.ofMinutes(2).toNanos(), 3);
  private int established;
  private long events;
  private long bytes;

  /** Of one turn. */
  record Result(long events, long bytes, double p50Millis, double p99Millis, double maxMillis) {}

  /** A watch was answered. */
  synchronized void establish() {
    established++;
  }

  synchronized int established() {
    return established;
  }

  synchronized void event(long nanos, int length) {
    latency.recordValue(Math.max(0, nanos));
    events++;
    bytes += length;
  }

  synchronized long events() {
    return events;
  }

  synchronized void clear() {
    latency.reset();
    events = 0;
    bytes = 0;
  }

  synchronized Result result() {
    return new Result(
        events,
        bytes,
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getMaxValue() / 1e6);
  }
}
