package dev.ensemble.actors.observe;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import akka.dispatch.ForkJoinExecutorConfigurator;
import akka.dispatch.ThreadPoolExecutorConfigurator;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;

/**
 * The executor of a dispatcher, measured. Named as {@code executor} in the dispatcher's
 * configuration; which of Akka's it is says {@code measured-executor}. With {@code turns-max} its
 * threads go on with what they hand in: {@link ContinuingThreads}.
 */
public final class MeasuredExecutor extends ExecutorServiceConfigurator {
  private final ExecutorServiceConfigurator measured;
  private final int turnsMax;

  /** Called by Akka. */
  public MeasuredExecutor(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    this.turnsMax = config.hasPath("turns-max") ? config.getInt("turns-max") : 1;
    String kind = config.getString("measured-executor");
    this.measured =
        switch (kind) {
          case "fork-join-executor" ->
              new ForkJoinExecutorConfigurator(config.getConfig(kind), prerequisites);
          case "thread-pool-executor" ->
              new ThreadPoolExecutorConfigurator(config.getConfig(kind), prerequisites);
          default -> throw new IllegalArgumentException("no executor that is measured: " + kind);
        };
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    ExecutorServiceFactory factory = measured.createExecutorServiceFactory(id, threads);
    return () -> {
      String name = id.substring(id.lastIndexOf('.') + 1);
      return new MeasuredThreads(
          factory.createExecutorService(), turnsMax, new DispatcherMetrics(name));
    };
  }
}
