package dev.ensemble.actors.observe;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Histogram;

/** A dispatcher's threads, its queue, and how long what is in the queue waits for a thread. */
final class DispatcherMetrics {
  private final Counter submitted;
  private final Histogram wait;
  private final Gauge threads;
  private final Gauge active;
  private final Gauge queued;

  DispatcherMetrics(String dispatcher) {
    submitted = Kamon.counter("ensemble_dispatcher_tasks_total").withTag("dispatcher", dispatcher);
    wait =
        Durations.histogram(
                "ensemble_dispatcher_wait_seconds", "until a task has a thread, sampled")
            .withTag("dispatcher", dispatcher);
    threads = Kamon.gauge("ensemble_dispatcher_threads").withTag("dispatcher", dispatcher);
    active = Kamon.gauge("ensemble_dispatcher_threads_active").withTag("dispatcher", dispatcher);
    queued = Kamon.gauge("ensemble_dispatcher_queued_tasks").withTag("dispatcher", dispatcher);
  }

  void submitted() {
    submitted.increment();
  }

  void waited(long nanos) {
    wait.record(nanos);
  }

  void sample(ExecutorService executor) {
    if (executor instanceof ForkJoinPool pool) {
      threads.update(pool.getPoolSize());
      active.update(pool.getActiveThreadCount());
      queued.update((double) pool.getQueuedTaskCount() + pool.getQueuedSubmissionCount());
    } else if (executor instanceof ThreadPoolExecutor pool) {
      threads.update(pool.getPoolSize());
      active.update(pool.getActiveCount());
      queued.update(pool.getQueue().size());
    }
  }
}
