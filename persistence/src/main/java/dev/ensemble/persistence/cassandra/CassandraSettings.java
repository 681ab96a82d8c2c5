package dev.ensemble.persistence.cassandra;

import com.typesafe.config.Config;
import dev.ensemble.persistence.settings.SettingsException;
import dev.ensemble.persistence.settings.SettingsReader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How Ensemble reaches Cassandra, and the node of its own that it runs. ensemble.conf explains each
 * key.
 *
 * @param replication copies by datacenter
 */
public record CassandraSettings(
    Mode mode,
    List<InetSocketAddress> contactPoints,
    String localDatacenter,
    String keyspace,
    Map<String, Integer> replication,
    Consistency consistency,
    Optional<Credentials> credentials,
    Optional<Tls> tls,
    Duration requestTimeout,
    Duration connectTimeout,
    int requestsInFlight,
    int requestsQueued,
    int ioThreads,
    int adminThreads,
    Embedded embedded) {
  /** Whether Ensemble runs a node of its own. */
  public enum Mode {
    EMBEDDED,
    EXTERNAL
  }

  /** How many copies must have answered. */
  public enum Consistency {
    /** A majority in the local datacenter. */
    LOCAL_QUORUM,
    /** A majority in each datacenter for writes: no loss when one is lost. */
    EACH_QUORUM
  }

  /** Who writes to a node of our own. */
  public enum Writers {
    /** The process that holds the lock in the node's folder, and nobody else. */
    ONE,
    MANY
  }

  public record Credentials(String username, Path passwordFile) {}

  public record Tls(Path truststore, Path truststorePasswordFile) {}

  /** The node that Ensemble runs as a child process. */
  public record Embedded(
      Path folder,
      Path jars,
      Optional<Path> javaHome,
      Optional<Path> classArchive,
      String clusterName,
      String datacenter,
      String rack,
      String address,
      int nativePort,
      int storagePort,
      int jmxPort,
      List<String> seeds,
      long heapBytes,
      long directBytes,
      Writers writers,
      Duration startTimeout,
      Duration stopTimeout,
      Duration restartBackoffMin,
      Duration restartBackoffMax) {
    public Embedded {
      seeds = List.copyOf(seeds);
      if (writers == Writers.ONE && !seeds.isEmpty()) {
        throw new SettingsException(
            "ensemble.cassandra.embedded.writers must be many when seeds name other nodes");
      }
    }

    static Embedded read(SettingsReader in) {
      String javaHome = in.text("java-home");
      String classArchive = in.text("class-archive");
      Embedded embedded =
          new Embedded(
              Path.of(in.text("folder")),
              Path.of(in.text("jars")),
              javaHome.isEmpty() ? Optional.empty() : Optional.of(Path.of(javaHome)),
              classArchive.isEmpty() ? Optional.empty() : Optional.of(Path.of(classArchive)),
              in.text("cluster-name"),
              in.text("datacenter"),
              in.text("rack"),
              in.text("address"),
              in.number("native-port", 1, 65_535),
              in.number("storage-port", 1, 65_535),
              in.number("jmx-port", 1, 65_535),
              in.texts("seeds"),
              in.bytes("heap"),
              in.bytes("direct-memory"),
              in.choice("writers", Writers.class),
              in.duration("start-timeout"),
              in.duration("stop-timeout"),
              in.duration("restart-backoff-min"),
              in.duration("restart-backoff-max"));
      in.done();
      return embedded;
    }
  }

  public CassandraSettings {
    contactPoints = List.copyOf(contactPoints);
    replication = Map.copyOf(new TreeMap<>(replication));
    // The keyspace goes into schema statements as it is.
    if (!keyspace.matches("[a-z][a-z0-9_]{0,47}")) {
      throw new SettingsException(
          "ensemble.cassandra.keyspace = '" + keyspace + "' must match [a-z][a-z0-9_]{0,47}");
    }
    for (String datacenter : replication.keySet()) {
      if (!datacenter.matches("[A-Za-z0-9_.-]+")) {
        throw new SettingsException(
            "ensemble.cassandra.replication: '" + datacenter + "' is no datacenter's name");
      }
    }
    if (!replication.containsKey(localDatacenter)) {
      throw new SettingsException(
          "ensemble.cassandra.replication has no copies in the local datacenter '"
              + localDatacenter
              + "'");
    }
  }

  /** Reads {@code ensemble.cassandra} of the whole configuration. */
  public static CassandraSettings from(Config root) {
    SettingsReader in = SettingsReader.of(root, "ensemble.cassandra");
    Mode mode = in.choice("mode", Mode.class);
    Embedded embedded = Embedded.read(in.section("embedded"));
    List<InetSocketAddress> external =
        in.texts("contact-points").stream().map(CassandraSettings::address).toList();
    if (mode == Mode.EXTERNAL && external.isEmpty()) {
      throw new SettingsException(
          "ensemble.cassandra.contact-points is empty, and mode is external");
    }
    CassandraSettings settings =
        new CassandraSettings(
            mode,
            mode == Mode.EXTERNAL
                ? external
                : List.of(
                    InetSocketAddress.createUnresolved(embedded.address(), embedded.nativePort())),
            in.text("local-datacenter"),
            in.text("keyspace"),
            in.numbers("replication", 1, 9),
            in.choice("consistency", Consistency.class),
            credentials(in.section("credentials")),
            tls(in.section("tls")),
            in.duration("request-timeout"),
            in.duration("connect-timeout"),
            in.number("requests-in-flight", 1, 32_768),
            in.number("requests-queued", 0, 1_000_000),
            in.number("io-threads", 1, 64),
            in.number("admin-threads", 1, 64),
            embedded);
    in.done();
    return settings;
  }

  private static Optional<Credentials> credentials(SettingsReader in) {
    String username = in.text("username");
    String passwordFile = in.text("password-file");
    in.done();
    return username.isEmpty()
        ? Optional.empty()
        : Optional.of(new Credentials(username, Path.of(passwordFile)));
  }

  private static Optional<Tls> tls(SettingsReader in) {
    boolean enabled = in.flag("enabled");
    String truststore = in.text("truststore");
    String passwordFile = in.text("truststore-password-file");
    in.done();
    return enabled
        ? Optional.of(new Tls(Path.of(truststore), Path.of(passwordFile)))
        : Optional.empty();
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port > 0 && port < 65_536) {
        return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      throw notAnAddress(text, e);
    }
    throw notAnAddress(text, new IllegalArgumentException(text));
  }

  private static SettingsException notAnAddress(String text, RuntimeException cause) {
    return new SettingsException(
        "ensemble.cassandra.contact-points: '" + text + "' is not host:port", cause);
  }
}
