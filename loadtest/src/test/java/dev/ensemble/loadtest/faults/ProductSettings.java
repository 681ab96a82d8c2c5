package dev.ensemble.loadtest.faults;

import java.nio.file.Path;

/** Ports, names and folders that are in nobody's way. */
final class ProductSettings {
  static final int PORT = 16443;
  static final String NODE = "faults-node";
  static final String BRIDGE = "ensf0";
  static final String NFT_TABLE = "ensemble-faults";
  static final String CGROUP = "ensemble-faults";

  private ProductSettings() {}

  /** HOCON. */
  static String text(
      Path folder, Path root, String address, boolean containers, Path containerdHome) {
    return """
    ensemble.cassandra.embedded {
      folder = "%1$s/cassandra"
      jars = "%2$s/persistence/cassandra-dist/target/cassandra-lib"
      address = "%3$s"
      native-port = 19642
      storage-port = 19643
      jmx-port = 19644
    }
    ensemble.journal.seal.master-key-file = "%1$s/master.keys"
    ensemble.api {
      host = "%3$s"
      port = %4$d
      certificates = "%1$s/pki"
      server-addresses = ["%3$s"]
    }
    ensemble.agent {
      node-name = "%5$s"
      server = "https://%3$s:%4$d"
      folder = "%1$s/agent"
      address = "%3$s"
      tls.ca-file = "%1$s/pki/ca.crt"
      tls.certificate-file = "%1$s/pki/node-%5$s.crt"
      tls.key-file = "%1$s/pki/node-%5$s.key"
      runtime.kind = %6$s
      runtime.home = "%7$s"
      runtime.binary = "%1$s/containerd"
      runtime.cgroup-parent = "%8$s"
      network.bridge = "%9$s"
      network.nft-table = "%10$s"
    }
    """
        .formatted(
            folder,
            root,
            address,
            PORT,
            NODE,
            containers ? "cri" : "simulated",
            containerdHome,
            CGROUP,
            BRIDGE,
            NFT_TABLE);
  }
}
