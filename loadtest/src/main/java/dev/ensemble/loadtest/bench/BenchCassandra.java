package dev.ensemble.loadtest.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraSettings;
import dev.ensemble.persistence.cassandra.EmbeddedCassandra;
import dev.ensemble.persistence.ledger.Exclusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * An empty Cassandra node for one benchmark, in a folder and on ports of its own. Closing it ends
 * the node and removes the folder.
 */
public final class BenchCassandra implements AutoCloseable {
  private final Path folder;
  private final CassandraSettings settings;
  private final EmbeddedCassandra node;

  private BenchCassandra(Path folder, CassandraSettings settings) {
    this.folder = folder;
    this.settings = settings;
    this.node = new EmbeddedCassandra(settings.embedded());
  }

  /** Starts a node and waits until it answers. */
  public static BenchCassandra start() throws IOException {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-cassandra-");
    Config config =
        ConfigFactory.parseString(
                """
                ensemble.cassandra {
                  keyspace = ensemble_bench
                  request-timeout = 20s
                  requests-in-flight = 2048
                  embedded {
                    folder = "%s"
                    address = "127.0.0.44"
                    native-port = 19442
                    storage-port = 19443
                    jmx-port = 19444
                  }
                }
                """
                    .formatted(folder))
            .withFallback(ConfigFactory.parseResources("ensemble.conf"))
            .resolve();
    BenchCassandra cassandra = new BenchCassandra(folder, CassandraSettings.from(config));
    cassandra.node.start();
    return cassandra;
  }

  /** A folder that goes with the node. */
  public Path folder() {
    return folder;
  }

  public CassandraConnection connect() {
    return CassandraConnection.open(settings);
  }

  /** As in a control plane that has the node to itself. */
  public Exclusion exclusion() {
    return Exclusion.by("benchmark");
  }

  public CpuClock cpu() {
    return CpuClock.of(
        node.running()
            .orElseThrow(() -> new IllegalStateException("the benchmark's Cassandra has ended")));
  }

  @Override
  public void close() throws IOException {
    forget(node, folder);
  }

  /** Ends a node and removes its folder, also for a benchmark that was interrupted. */
  static void forget(EmbeddedCassandra node, Path folder) throws IOException {
    Thread.interrupted();
    node.stop();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
