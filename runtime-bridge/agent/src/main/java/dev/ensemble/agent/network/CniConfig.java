package dev.ensemble.agent.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The CNI chain of pods: a bridge with addresses of the node's range, host ports, bandwidth. */
record CniConfig(String bridge, String podCidr, int mtu, Path stateFolder) {
  private static final String FILE = "10-ensemble.conflist";

  /** ipMasq is off: what leaves the cluster is masqueraded by our own rules. */
  String json() {
    return """
    {
      "cniVersion": "0.4.0",
      "name": "%s",
      "plugins": [
        {
          "type": "bridge",
          "bridge": "%s",
          "isGateway": true,
          "hairpinMode": true,
          "ipMasq": false,
          "mtu": %d,
          "ipam": {
            "type": "host-local",
            "dataDir": "%s",
            "ranges": [[{ "subnet": "%s" }]],
            "routes": [{ "dst": "0.0.0.0/0" }]
          }
        },
        { "type": "portmap", "snat": true, "capabilities": { "portMappings": true } },
        { "type": "bandwidth", "capabilities": { "bandwidth": true } }
      ]
    }
    """
        .formatted(bridge, bridge, mtu, stateFolder, podCidr);
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(FILE);
    if (Files.exists(file) && Files.readString(file).equals(json())) {
      return;
    }
    Path fresh = folder.resolve(FILE + ".new");
    Files.writeString(fresh, json());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
