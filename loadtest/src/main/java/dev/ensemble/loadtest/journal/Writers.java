package dev.ensemble.loadtest.journal;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * A closed loop: each writer has one write under way and begins the next when it is acknowledged.
 */
final class Writers {
  private final int count;
  private final IntFunction<CompletionStage<?>> write;
  private final Histogram latency = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended;
  private volatile long end;

  /**
   * Prepares writers.
   *
   * @param write begins the next write of one writer
   */
  Writers(int count, IntFunction<CompletionStage<?>> write) {
    this.count = count;
    this.write = write;
    this.ended = new CountDownLatch(count);
  }

  /** What the writers did. Latencies in nanoseconds. */
  record Outcome(double perSecond, Histogram latency) {}

  Outcome run(Duration time) throws InterruptedException {
    long start = System.nanoTime();
    end = start + time.toNanos();
    for (int writer = 0; writer < count; writer++) {
      next(writer);
    }
    ended.await();
    if (failure.get() != null) {
      throw new IllegalStateException("a write failed", failure.get());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Outcome(latency.getTotalCount() / seconds, latency);
  }

  private void next(int writer) {
    long began = System.nanoTime();
    if (began >= end || failure.get() != null) {
      ended.countDown();
      return;
    }
    write
        .apply(writer)
        .whenComplete(
            (done, failed) -> {
              if (failed != null) {
                failure.compareAndSet(null, failed);
              } else {
                record(System.nanoTime() - began);
              }
              next(writer);
            });
  }

  private void record(long nanos) {
    lock.lock();
    try {
      latency.recordValue(nanos);
    } finally {
      lock.unlock();
    }
  }
}
