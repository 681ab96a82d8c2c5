package dev.ensemble.agent.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.protocol.ProtocolJson;
import dev.ensemble.protocol.ToAgent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was desired last, on disk: an agent that starts while the API is away goes on with it. Holds
 * pods, Services and the node's network; neither ConfigMaps nor Secrets.
 */
final class DesiredCache {
  private static final Logger LOG = LoggerFactory.getLogger(DesiredCache.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  DesiredCache(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  List<PodDefinition> pods() {
    List<PodDefinition> pods = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "pod-*.json")) {
      for (Path file : files) {
        pods.add(new PodDefinition((ObjectNode) JSON.readTree(Files.readString(file))));
      }
    } catch (IOException e) {
      LOG.warn("what was desired cannot be read; the API will say it again", e);
    }
    return pods;
  }

  void put(PodDefinition pod) {
    write(fileOf(pod.uid()), pod.object().toString());
  }

  void remove(String uid) {
    try {
      Files.deleteIfExists(folder.resolve(fileOf(uid)));
    } catch (IOException e) {
      LOG.warn("cannot forget pod {}", uid, e);
    }
  }

  /** Keeps the last message of this kind. */
  void put(ToAgent message) {
    write(message.getClass().getSimpleName() + ".json", ProtocolJson.write(message));
  }

  <T extends ToAgent> Optional<T> get(Class<T> kind) {
    Path file = folder.resolve(kind.getSimpleName() + ".json");
    try {
      return Files.exists(file)
          ? Optional.of(kind.cast(ProtocolJson.readToAgent(Files.readString(file))))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  private static String fileOf(String uid) {
    return "pod-" + uid.replaceAll("[^A-Za-z0-9-]", "_") + ".json";
  }

  private void write(String name, String text) {
    try {
      Path fresh = folder.resolve(name + ".new");
      Files.writeString(fresh, text);
      Files.move(
          fresh,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("cannot keep {}", name, e);
    }
  }
}
