package dev.ensemble.actors.scheduler;

import dev.ensemble.core.scheduling.SchedulingQueue;
import java.time.Duration;

/**
 * How a scheduler behaves.
 *
 * @param name pods whose {@code spec.schedulerName} is this are its own
 * @param underWayMax how many pods it deals with at once; more wait in the queue
 * @param callsMax how many nodes it asks for a bid for one pod
 * @param roundsMax how often it looks again for one pod, when every node that looked right
 *     declines, before the pod goes back to the queue
 * @param bidTimeout how long it waits for bids
 * @param awardTimeout how long it waits for the answer to an award before it looks for another
 *     node; of two Binds one wins, so a late answer does no harm
 * @param refreshPeriod within this time each node is asked for its offer once again, in case a
 *     message was lost
 */
public record SchedulerSettings(
    String name,
    int underWayMax,
    int callsMax,
    int roundsMax,
    Duration bidTimeout,
    Duration awardTimeout,
    Duration refreshPeriod,
    SchedulingQueue.Settings queue) {
  public static final String DEFAULT_NAME = "default-scheduler";

  public static SchedulerSettings standard() {
    return new SchedulerSettings(
        DEFAULT_NAME,
        256,
        3,
        3,
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        SchedulingQueue.Settings.standard());
  }
}
