package dev.ensemble.actors.node;

import com.typesafe.config.Config;
import dev.ensemble.core.node.PodCidrs;
import dev.ensemble.persistence.settings.SettingsException;
import dev.ensemble.persistence.settings.SettingsReader;
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

  /**
   * Reads {@code ensemble.nodes} of the whole configuration.
   *
   * @param serviceCidr the range of cluster IPs, which pods' must not overlap
   * @throws SettingsException naming the key that is wrong
   */
  public static SessionSettings from(Config root, String serviceCidr) {
    SettingsReader in = SettingsReader.of(root, "ensemble.nodes");
    SessionSettings settings =
        new SessionSettings(
            in.text("pod-cidr"),
            in.number("node-prefix-length", 16, 30),
            serviceCidr,
            in.duration("heartbeat"),
            in.duration("hello-timeout"),
            in.duration("services-delay"),
            in.duration("retry-min"),
            in.duration("retry-max"),
            in.number("writes-max", 1, 10_000),
            in.number("wants-max", 1, 1_000_000),
            in.number("inbox-max", 100, 1_000_000));
    in.done();
    if (settings.heartbeat().toSeconds() < 1) {
      throw new SettingsException("ensemble.nodes.heartbeat is shorter than a second");
    }
    try {
      PodCidrs pods = new PodCidrs(settings.clusterCidr(), settings.nodePrefixLength());
      if (pods.overlaps(serviceCidr)) {
        throw new SettingsException(
            "ensemble.nodes.pod-cidr = %s overlaps with ensemble.api.service-cidr = %s"
                .formatted(settings.clusterCidr(), serviceCidr));
      }
    } catch (IllegalArgumentException e) {
      throw new SettingsException("ensemble.nodes.pod-cidr: " + e.getMessage(), e);
    }
    return settings;
  }
}
