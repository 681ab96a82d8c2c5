package dev.ensemble.http.server;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys under {@code ensemble.api}; what each is for stands beside it in ensemble.conf. A key
 * that is not known is an error.
 */
public record ApiSettings(
    String host,
    int port,
    Path certificates,
    List<String> serverNames,
    List<String> serverAddresses,
    String serviceCidr,
    PortRange nodePorts,
    Places reads,
    Places writes,
    int connectionsMax,
    int bodyBytesMax,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration stopTimeout,
    WatchSettings watch,
    int listSnapshots,
    Duration streamRendezvous,
    int streamsMax) {
  private static final Set<String> KEYS =
      Set.of(
          "host",
          "port",
          "certificates",
          "server-names",
          "server-addresses",
          "service-cidr",
          "node-port-first",
          "node-port-last",
          "reads-in-flight-max",
          "writes-in-flight-max",
          "reads-waiting-max",
          "writes-waiting-max",
          "turn-wait-max",
          "connections-max",
          "body-bytes-max",
          "request-timeout",
          "idle-timeout",
          "stop-timeout",
          "watch",
          "list-snapshots",
          "stream-rendezvous",
          "streams-max");
  private static final Set<String> WATCH_KEYS =
      Set.of("timeout-min", "bookmark-interval", "buffered-changes-max", "stall-max");

  public ApiSettings {
    serverNames = List.copyOf(serverNames);
    serverAddresses = List.copyOf(serverAddresses);
  }

  /**
   * @param servedMax requests that are served at once
   * @param waitingMax requests that may wait for a place; further ones are refused
   * @param waitMax a request that has waited so long is refused
   */
  public record Places(int servedMax, int waitingMax, Duration waitMax) {}

  public record PortRange(int first, int last) {
    public boolean contains(int port) {
      return port >= first && port <= last;
    }
  }

  /**
   * @param timeoutMin a watch without a timeout of its own ends after this to twice this
   * @param bufferedChangesMax what waits for one watcher before it has to catch up from the ledger
   * @param stallMax a watcher that reads nothing for so long while changes wait is closed
   */
  public record WatchSettings(
      Duration timeoutMin, Duration bookmarkInterval, int bufferedChangesMax, Duration stallMax) {}

  /**
   * @param api the object {@code ensemble.api}
   */
  public static ApiSettings of(Config api) {
    refuseUnknown(api, KEYS, "ensemble.api");
    Config watch = api.getConfig("watch");
    refuseUnknown(watch, WATCH_KEYS, "ensemble.api.watch");
    return new ApiSettings(
        api.getString("host"),
        api.getInt("port"),
        Path.of(api.getString("certificates")),
        api.getStringList("server-names"),
        api.getStringList("server-addresses"),
        api.getString("service-cidr"),
        new PortRange(api.getInt("node-port-first"), api.getInt("node-port-last")),
        new Places(
            api.getInt("reads-in-flight-max"),
            api.getInt("reads-waiting-max"),
            api.getDuration("turn-wait-max")),
        new Places(
            api.getInt("writes-in-flight-max"),
            api.getInt("writes-waiting-max"),
            api.getDuration("turn-wait-max")),
        api.getInt("connections-max"),
        Math.toIntExact(api.getBytes("body-bytes-max")),
        api.getDuration("request-timeout"),
        api.getDuration("idle-timeout"),
        api.getDuration("stop-timeout"),
        new WatchSettings(
            watch.getDuration("timeout-min"),
            watch.getDuration("bookmark-interval"),
            watch.getInt("buffered-changes-max"),
            watch.getDuration("stall-max")),
        api.getInt("list-snapshots"),
        api.getDuration("stream-rendezvous"),
        api.getInt("streams-max"));
  }

  private static void refuseUnknown(Config config, Set<String> known, String path) {
    Set<String> unknown = new TreeSet<>(config.root().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown settings under " + path + ": " + unknown);
    }
  }
}
