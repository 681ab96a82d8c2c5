package dev.ensemble.actors.node;

import java.time.Duration;

/**
 * How sessions with agents go.
 *
 * @param clusterCidr the range of all pods, IPv4
 * @param nodePrefixLength how large a node's part of it is
 * @param serviceCidr the range of cluster IPs
 * @param heartbeat how often an agent must give a sign of life
 * @param helloTimeout a session without a Hello is closed after this
 * @param servicesDelay how long changes of Services are gathered when they come fast
 * @param retry how long to wait before a write that failed is tried again; doubles up to {@code
 *     retryMax}
 * @param writesMax how many writes of one session are under way at once; more wait, the newest of
 *     each object only
 * @param wantsMax how many ConfigMaps and Secrets one node may follow; more are refused
 * @param inboxMax how many messages of one agent may wait; with more its session is closed
 */
public record SessionSettings(
    String clusterCidr,
    int nodePrefixLength,
    String serviceCidr,
    Duration heartbeat,
    Duration helloTimeout,
    Duration servicesDelay,
    Duration retry,
    Duration retryMax,
    int writesMax,
    int wantsMax,
    int inboxMax) {
  public static SessionSettings standard() {
    return new SessionSettings(
        "10.42.0.0/16",
        24,
        "10.43.0.0/16",
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofSeconds(10),
        64,
        10_000,
        10_000);
  }

  /** The same with another range of cluster IPs. */
  public SessionSettings withServiceCidr(String range) {
    return new SessionSettings(
        clusterCidr,
        nodePrefixLength,
        range,
        heartbeat,
        helloTimeout,
        servicesDelay,
        retry,
        retryMax,
        writesMax,
        wantsMax,
        inboxMax);
  }
}
