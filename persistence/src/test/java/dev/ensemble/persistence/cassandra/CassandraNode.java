package dev.ensemble.persistence.cassandra;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/** One real node for all integration tests of the module, on an address and folder of its own. */
public final class CassandraNode implements BeforeAllCallback {
  private static final CassandraSettings SETTINGS = settings("5s");

  /** The settings of the node, with another request timeout. */
  public static CassandraSettings settings(String requestTimeout) {
    return settings(
        requestTimeout, "ensemble_it", Path.of("target/cassandra-it").toAbsolutePath(), 33);
  }

  /**
   * The settings of a node of one's own.
   *
   * @param number of its address, 127.0.0.NUMBER, and in its ports
   */
  static CassandraSettings settings(
      String requestTimeout, String keyspace, Path folder, int number) {
    return CassandraSettings.from(
        ConfigFactory.parseString(
                """
                ensemble.cassandra {
                  request-timeout = %1$s
                  keyspace = %2$s
                  embedded {
                    folder = "%3$s"
                    jars = "%4$s"
                    address = "127.0.0.%5$d"
                    native-port = 19%5$d2
                    storage-port = 19%5$d3
                    jmx-port = 19%5$d4
                  }
                }
                """
                    .formatted(
                        requestTimeout,
                        keyspace,
                        folder,
                        Path.of("cassandra-dist/target/cassandra-lib").toAbsolutePath(),
                        number))
            .withFallback(ConfigFactory.parseResources("ensemble.conf"))
            .resolve());
  }

  public static EmbeddedCassandra node() {
    return new EmbeddedCassandra(SETTINGS.embedded());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .getOrComputeIfAbsent(CassandraNode.class, key -> new Running(), Running.class);
  }

  private static final class Running implements CloseableResource {
    Running() {
      node().stop();
      delete(SETTINGS.embedded().folder());
      node().start();
    }

    @Override
    public void close() {
      node().stop();
    }

    private static void delete(Path folder) {
      if (!Files.exists(folder)) {
        return;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new IllegalStateException("cannot empty " + folder, e);
      }
    }
  }
}
