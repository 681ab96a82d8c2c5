package dev.ensemble.actors.scheduler;

import com.typesafe.config.Config;
import dev.ensemble.core.scheduling.SchedulingQueue;
import dev.ensemble.core.scheduling.Search;
import dev.ensemble.persistence.settings.SettingsReader;
import java.time.Duration;

/**
 * How a scheduler behaves.
 *
 * @param name pods whose {@code spec.schedulerName} is this are its own
 * @param underWayMax how many pods it deals with at once; more wait in the queue
 * @param search how many nodes are compared for one pod
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
    Search search,
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
        Search.standard(),
        3,
        3,
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        SchedulingQueue.Settings.standard());
  }

  /** Reads {@code ensemble.scheduler} of the whole configuration: of the default scheduler. */
  public static SchedulerSettings from(Config root) {
    SettingsReader in = SettingsReader.of(root, "ensemble.scheduler");
    SchedulerSettings settings =
        new SchedulerSettings(
            DEFAULT_NAME,
            in.number("under-way-max", 1, 100_000),
            Search.of(
                in.number("percentage-of-nodes-to-score", 0, 100),
                in.number("nodes-to-score-max", 100, 1_000_000)),
            in.number("calls-max", 1, 100),
            in.number("rounds-max", 1, 100),
            in.duration("bid-timeout"),
            in.duration("award-timeout"),
            in.duration("refresh-period"),
            new SchedulingQueue.Settings(
                in.duration("backoff-initial"),
                in.duration("backoff-max"),
                in.duration("unschedulable-max")));
    in.done();
    return settings;
  }
}
