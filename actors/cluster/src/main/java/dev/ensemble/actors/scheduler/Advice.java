package dev.ensemble.actors.scheduler;

import dev.ensemble.core.scheduling.Explanation;
import dev.ensemble.core.scheduling.PodRequest;
import java.util.concurrent.CompletionStage;

/** Where the scheduler is asked about its decisions. */
@FunctionalInterface
public interface Advice {
  /**
   * Why the node would take the pod or not, as things are. Fails with a {@link
   * java.util.concurrent.TimeoutException} when there is no answer in time.
   */
  CompletionStage<Explanation> explain(PodRequest pod, String node);
}
