package dev.ensemble.loadtest.bench;

import java.nio.file.Path;

/** Settings of an Ensemble that is in nobody's way: folders, ports and names of its own. */
public final class BenchSettings {
  private BenchSettings() {}

  /** HOCON for control plane and agent, all data below the folder. */
  public static String text(Path folder, String host, int port) {
    return """
    ensemble {
      api {
        host = "%2$s"
        port = %3$d
        certificates = "%1$s/pki"
        # Above the most clients of a benchmark: so many writes at once are served, not refused.
        writes-in-flight-max = 400
      }
      cassandra.embedded {
        folder = "%1$s/cassandra"
        jars = "%4$s"
        address = "127.0.0.45"
        native-port = 19452
        storage-port = 19453
        jmx-port = 19454
      }
      journal.seal.master-key-file = "%1$s/master.keys"
      agent {
        node-name = bench
        server = "https://%2$s:%3$d"
        address = "127.0.0.1"
        folder = "%1$s/agent"
        tls {
          ca-file = "%1$s/pki/ca.crt"
          certificate-file = "%1$s/pki/node-bench.crt"
          key-file = "%1$s/pki/node-bench.key"
        }
        network {
          bridge = ensbench0
          nft-table = ensemble_bench
        }
      }
    }
    """
        .formatted(
            folder,
            host,
            port,
            Path.of("persistence/cassandra-dist/target/cassandra-lib").toAbsolutePath());
  }
}
