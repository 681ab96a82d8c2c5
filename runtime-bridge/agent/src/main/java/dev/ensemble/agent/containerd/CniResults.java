package dev.ensemble.agent.containerd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What libcni, in containerd, remembers of each sandbox that it has attached to a network. It
 * writes a file in place: when containerd is killed at that moment, the file has no content, and
 * the sandbox can never be stopped. Without the file it can.
 */
final class CniResults {
  /** Where libcni keeps them unless told otherwise, and containerd does not tell it. */
  static final Path FOLDER = Path.of("/var/lib/cni/results");

  private static final Logger LOG = LoggerFactory.getLogger(CniResults.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private CniResults() {}

  /**
   * Removes what is not whole of the networks that are defined in a folder. Others' networks may
   * just be written to.
   */
  static void mend(Path cniConfig, Path results) throws IOException {
    if (!Files.isDirectory(results)) {
      return;
    }
    Set<String> networks = new HashSet<>();
    for (Path file : filesIn(cniConfig)) {
      if (!file.toString().endsWith(".conflist")) {
        continue;
      }
      networks.add(JSON.readTree(file.toFile()).path("name").asText());
    }
    for (Path result : filesIn(results)) {
      String name = result.getFileName().toString();
      if (networks.stream().anyMatch(network -> name.startsWith(network + "-")) && !whole(result)) {
        Files.delete(result);
        LOG.warn("removed {}, which a containerd that was killed had begun to write", result);
      }
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static boolean whole(Path file) throws IOException {
    try {
      JsonNode result = JSON.readTree(file.toFile());
      return result.isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
