package dev.ensemble.loadtest.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * A closed loop: each caller has one request under way and begins the next when it is answered.
 * Ends after a time, or when a caller has nothing more to do, or with the first failure.
 */
public final class ClosedLoop {
  private final int callers;
  private final IntFunction<Optional<CompletionStage<?>>> request;
  private final Histogram latency = new Histogram(Duration.ofMinutes(1).toNanos(), 3);
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended;
  private volatile long end;

  /**
   * Prepares callers.
   *
   * @param request begins the next request of one caller; empty: this caller is done
   */
  public ClosedLoop(int callers, IntFunction<Optional<CompletionStage<?>>> request) {
    this.callers = callers;
    this.request = request;
    this.ended = new CountDownLatch(callers);
  }

  /** What the callers did. Latencies in nanoseconds. */
  public record Outcome(double perSecond, Histogram latency) {}

  public Outcome run(Duration time) throws InterruptedException {
    long start = System.nanoTime();
    end = start + time.toNanos();
    for (int caller = 0; caller < callers; caller++) {
      next(caller);
    }
    ended.await();
    if (failure.get() != null) {
      throw new IllegalStateException("a request failed", failure.get());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Outcome(latency.getTotalCount() / seconds, latency);
  }

  private void next(int caller) {
    long began = System.nanoTime();
    if (began >= end || failure.get() != null) {
      ended.countDown();
      return;
    }
    Optional<CompletionStage<?>> started = request.apply(caller);
    if (started.isEmpty()) {
      ended.countDown();
      return;
    }
    started
        .get()
        .whenComplete(
            (done, failed) -> {
              if (failed != null) {
                failure.compareAndSet(null, failed);
              } else {
                record(System.nanoTime() - began);
              }
              next(caller);
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
