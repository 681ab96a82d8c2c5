package dev.ensemble.actors.node;

import java.time.Duration;

/**
 * How a node's broker behaves.
 *
 * @param showDelay how long changes are gathered before the offer is shown again
 * @param bindRetry how long to wait before a Bind of unknown outcome is asked again; doubles up to
 *     {@code bindRetryMax}
 * @param settle how long a broker that starts gives nothing away: as long as a Bind of its
 *     predecessor in another process can still be under way. Zero when entities live in one process
 *     only
 * @param promisesMax how many Binds may be under way for one node; more awards are declined
 */
public record BrokerSettings(
    Duration showDelay,
    Duration bindRetry,
    Duration bindRetryMax,
    Duration settle,
    int promisesMax) {
  public static BrokerSettings standard() {
    return new BrokerSettings(
        Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ZERO, 128);
  }
}
