package dev.ensemble.actors.controller;

import com.typesafe.config.Config;
import dev.ensemble.persistence.settings.SettingsReader;
import java.time.Duration;

/**
 * How busy controllers may be.
 *
 * @param passInterval the least time between the starts of two passes of one control loop
 * @param backoffMin wait after a first failure; doubled with each one that follows
 * @param backoffMax the longest wait after failures
 * @param commandsMax commands of one pass that are under way at the same time
 * @param wakesPerSecond how many existing objects are woken in a second at the start
 * @param changesMax changes waiting to be looked at; above it they are dropped and all is looked at
 *     afresh
 * @param resubscribe wait before a view that ended is subscribed to again, and between looks for
 *     new resource types
 * @param nodeGrace how long a node may be silent (node-monitor-grace-period)
 * @param nodeCheck how often nodes are looked at (node-monitor-period)
 * @param finishedPodsMax finished pods above this number are removed (terminated-pod-gc-threshold)
 * @param podSweep how often pods are swept
 * @param eventsKept how long an Event lives after its last occurrence (event-ttl)
 * @param eventsGathered how long Events are gathered, to be written together
 * @param eventsWaitingMax Events waiting to be written; above it they are dropped and counted
 */
public record ControllerSettings(
    Duration passInterval,
    Duration backoffMin,
    Duration backoffMax,
    int commandsMax,
    int wakesPerSecond,
    int changesMax,
    Duration resubscribe,
    Duration nodeGrace,
    Duration nodeCheck,
    int finishedPodsMax,
    Duration podSweep,
    Duration eventsKept,
    Duration eventsGathered,
    int eventsWaitingMax) {
  public static final ControllerSettings DEFAULTS =
      new ControllerSettings(
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofMinutes(1),
          50,
          2000,
          100_000,
          Duration.ofSeconds(1),
          Duration.ofSeconds(40),
          Duration.ofSeconds(5),
          12_500,
          Duration.ofSeconds(20),
          Duration.ofHours(1),
          Duration.ofSeconds(1),
          1000);

  /** Reads {@code ensemble.controllers} of the whole configuration. */
  public static ControllerSettings from(Config root) {
    SettingsReader in = SettingsReader.of(root, "ensemble.controllers");
    ControllerSettings settings =
        new ControllerSettings(
            in.duration("pass-interval"),
            in.duration("backoff-min"),
            in.duration("backoff-max"),
            in.number("commands-max", 1, 10_000),
            DEFAULTS.wakesPerSecond(),
            DEFAULTS.changesMax(),
            DEFAULTS.resubscribe(),
            in.duration("node-grace"),
            in.duration("node-check"),
            in.number("finished-pods-max", 0, 10_000_000),
            in.duration("pod-sweep"),
            in.duration("events-kept"),
            DEFAULTS.eventsGathered(),
            in.number("events-waiting-max", 1, 1_000_000));
    in.done();
    return settings;
  }

  /** The wait after {@code failures} failures in a row. */
  Duration backoff(int failures) {
    // 20 doublings are beyond any sensible maximum and far from overflow.
    Duration wait = backoffMin.multipliedBy(1L << Math.min(Math.max(failures - 1, 0), 20));
    return wait.compareTo(backoffMax) > 0 ? backoffMax : wait;
  }
}
