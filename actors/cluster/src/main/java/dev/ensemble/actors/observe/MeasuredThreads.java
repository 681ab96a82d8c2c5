package dev.ensemble.actors.observe;

import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.dispatch.ExecutionContexts;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Hands tasks on and counts them; of one in 32 it measures how long it waits for a thread. */
final class MeasuredThreads extends AbstractExecutorService {
  private static final int TIMED_MASK = 31;

  private final ExecutorService executor;
  private final DispatcherMetrics metrics;
  private final Cancellable sampling;

  MeasuredThreads(ExecutorService executor, DispatcherMetrics metrics, Scheduler scheduler) {
    this.executor = executor;
    this.metrics = metrics;
    this.sampling =
        scheduler.scheduleWithFixedDelay(
            Sampling.INTERVAL,
            Sampling.INTERVAL,
            () -> metrics.sample(executor),
            ExecutionContexts.fromExecutor(Runnable::run));
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
    sampling.cancel();
    executor.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    sampling.cancel();
    return executor.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }
}
