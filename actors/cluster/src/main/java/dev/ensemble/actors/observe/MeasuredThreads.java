package dev.ensemble.actors.observe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Hands tasks on and counts them; of one in 32 it measures how long it waits for a thread. */
final class MeasuredThreads extends AbstractExecutorService {
  private static final int TIMED_MASK = 31;

  /** Not sampled by Akka's timer: an ended system makes executors for its last messages. */
  private static final Set<MeasuredThreads> RUNNING = ConcurrentHashMap.newKeySet();

  private final ExecutorService pool;
  private final Optional<ContinuingThreads> continuing;
  private final Executor executor;
  private final DispatcherMetrics metrics;

  /** With {@code turnsMax} above 1 as {@link ContinuingThreads}. */
  MeasuredThreads(ExecutorService pool, int turnsMax, DispatcherMetrics metrics) {
    this.pool = pool;
    this.continuing =
        turnsMax > 1 ? Optional.of(new ContinuingThreads(pool, turnsMax)) : Optional.empty();
    this.executor = continuing.isPresent() ? continuing.get() : pool;
    this.metrics = metrics;
    RUNNING.add(this);
  }

  static void sampleAll() {
    RUNNING.forEach(MeasuredThreads::sample);
  }

  private void sample() {
    metrics.sample(pool);
    continuing.ifPresent(ContinuingThreads::rescue);
  }

  @Override
  public void execute(Runnable task) {
    metrics.submitted();
    boolean timed = (ThreadLocalRandom.current().nextInt() & TIMED_MASK) == 0;
    executor.execute(timed ? timed(task) : task);
  }

  private Runnable timed(Runnable task) {
    long submitted = System.nanoTime();
    return () -> {
      metrics.waited(System.nanoTime() - submitted);
      task.run();
    };
  }

  @Override
  public void shutdown() {
    RUNNING.remove(this);
    pool.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    RUNNING.remove(this);
    return pool.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(timeout, unit);
  }
}
