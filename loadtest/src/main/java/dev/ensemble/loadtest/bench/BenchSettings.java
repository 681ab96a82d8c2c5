package dev.ensemble.loadtest.bench;

import java.nio.file.Path;

/** Settings of an Ensemble that is in nobody's way: ports, names and folders of its own. */
public final class BenchSettings {
  private BenchSettings() {}

  /** HOCON with ports and names only, for the launcher, which chooses the folders itself. */
  public static String ports(String host, int port) {
    return """
    ensemble {
      api {
        host = "%1$s"
        port = %2$d
      }
      cassandra.embedded {
        address = "127.0.0.45"
        native-port = 19452
        storage-port = 19453
        jmx-port = 19454
      }
      agent {
        server = "https://%1$s:%2$d"
        runtime.cgroup-parent = ensemble-bench
        network {
          bridge = ensbench0
          nft-table = ensemble_bench
        }
      }
    }
    """
        .formatted(host, port);
  }

  /** The same with all data of the control plane below a folder. */
  static String whole(Path folder, String host, int port) {
    return ports(host, port)
        + """
        ensemble {
          api.certificates = "%1$s/pki"
          cassandra.embedded {
            folder = "%1$s/cassandra"
            jars = "%2$s"
          }
          journal.seal.master-key-file = "%1$s/master.keys"
          agent {
            node-name = bench
            address = "127.0.0.1"
            folder = "%1$s/agent"
          }
        }
        """
            .formatted(
                folder,
                Path.of("persistence/cassandra-dist/target/cassandra-lib").toAbsolutePath());
  }
}
