package dev.ensemble.agent;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import dev.ensemble.agent.core.Quantities;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The settings below {@code ensemble.agent}; each is explained in ensemble.conf. */
public record AgentSettings(
    String nodeName,
    URI server,
    Tls tls,
    Path folder,
    Optional<String> address,
    Map<String, String> labels,
    int podsMax,
    int podPidsMax,
    long reservedCpuMilli,
    long reservedMemoryBytes,
    RuntimeSettings runtime,
    long logBytesMax,
    int logFilesMax,
    List<String> dnsServers,
    String dnsDomain,
    NetworkSettings network,
    Duration sessionBackoffMin,
    Duration sessionBackoffMax,
    MetricsSettings metrics,
    ImageSettings images) {
  private static final String ROOT = "ensemble.agent";

  /** PEM files. */
  public record Tls(Path caFile, Path certificateFile, Path keyFile) {}

  /** Which runtime, and how a private containerd is run. */
  public record RuntimeSettings(
      boolean simulated,
      Optional<Path> socket,
      Path binary,
      Path home,
      String sandboxImage,
      Path cniBinaries,
      String cgroupParent,
      Duration relistInterval) {}

  /** Names of what is made in the network namespace. */
  public record NetworkSettings(String bridge, int mtu, boolean services, String nftTable) {}

  /** Where Prometheus reads. */
  public record MetricsSettings(boolean enabled, String host, int port, Duration interval) {}

  /** How images come and go. */
  public record ImageSettings(
      int pullsMax,
      int highPercent,
      int lowPercent,
      Duration ageMin,
      Duration interval,
      Set<String> kept) {
    public ImageSettings {
      kept = Set.copyOf(kept);
      if (pullsMax < 1) {
        throw new IllegalArgumentException(ROOT + ".images.pulls-max is less than 1");
      }
      if (lowPercent < 0 || highPercent > 100 || lowPercent > highPercent) {
        throw new IllegalArgumentException(
            ROOT + ".images: needed is 0 <= gc-low-percent <= gc-high-percent <= 100");
      }
    }
  }

  /**
   * @throws IllegalArgumentException naming the key, when one is unknown, missing or wrong
   */
  public static AgentSettings load(Config root) {
    try {
      Config config = root.getConfig(ROOT);
      refuseUnknown(config);
      Path folder = Path.of(config.getString("folder")).toAbsolutePath().normalize();
      return new AgentSettings(
          text(config, "node-name").orElseGet(AgentSettings::hostName),
          URI.create(config.getString("server")),
          new Tls(
              Path.of(config.getString("tls.ca-file")),
              Path.of(config.getString("tls.certificate-file")),
              Path.of(config.getString("tls.key-file"))),
          folder,
          text(config, "address"),
          labels(config.getConfig("labels")),
          config.getInt("pods-max"),
          config.getInt("pod-pids-max"),
          Quantities.milli(config.getString("reserved.cpu")),
          config.getBytes("reserved.memory"),
          runtime(config.getConfig("runtime"), folder),
          config.getBytes("log-bytes-max"),
          config.getInt("log-files-max"),
          List.copyOf(config.getStringList("dns.servers")),
          config.getString("dns.domain"),
          new NetworkSettings(
              config.getString("network.bridge"),
              config.getInt("network.mtu"),
              config.getBoolean("network.services"),
              config.getString("network.nft-table")),
          config.getDuration("session.backoff-min"),
          config.getDuration("session.backoff-max"),
          new MetricsSettings(
              config.getBoolean("metrics.enabled"),
              config.getString("metrics.host"),
              config.getInt("metrics.port"),
              config.getDuration("metrics.interval")),
          new ImageSettings(
              config.getInt("images.pulls-max"),
              config.getInt("images.gc-high-percent"),
              config.getInt("images.gc-low-percent"),
              config.getDuration("images.gc-age-min"),
              config.getDuration("images.gc-interval"),
              Set.copyOf(config.getStringList("images.kept"))));
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static RuntimeSettings runtime(Config config, Path folder) {
    String kind = config.getString("kind");
    if (!kind.equals("cri") && !kind.equals("simulated")) {
      throw new IllegalArgumentException(ROOT + ".runtime.kind is neither cri nor simulated");
    }
    return new RuntimeSettings(
        kind.equals("simulated"),
        text(config, "socket").map(Path::of),
        Path.of(config.getString("binary")),
        text(config, "home").map(Path::of).orElse(folder.resolve("containerd")).toAbsolutePath(),
        config.getString("sandbox-image"),
        Path.of(config.getString("cni-binaries")),
        config.getString("cgroup-parent"),
        config.getDuration("relist-interval"));
  }

  private static Map<String, String> labels(Config config) {
    Map<String, String> labels = new TreeMap<>();
    config
        .entrySet()
        .forEach(
            entry ->
                labels.put(
                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                    entry.getValue().unwrapped().toString()));
    return labels;
  }

  private static Optional<String> text(Config config, String key) {
    return Optional.of(config.getString(key)).filter(value -> !value.isEmpty());
  }

  private static void refuseUnknown(Config config) {
    Set<String> known = keys(ConfigFactory.parseResources("ensemble.conf").getConfig(ROOT));
    Set<String> unknown = keys(config);
    unknown.removeAll(known);
    unknown.removeIf(key -> key.startsWith("labels."));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown settings in " + ROOT + ": " + unknown);
    }
  }

  private static Set<String> keys(Config config) {
    Set<String> keys = new TreeSet<>();
    config.entrySet().forEach(entry -> keys.add(entry.getKey()));
    return keys;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(ROOT + ".node-name is needed: this host has no name", e);
    }
  }
}
