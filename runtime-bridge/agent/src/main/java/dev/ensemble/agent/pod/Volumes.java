package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.number;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.Quantities;
import dev.ensemble.agent.core.pod.Expansion;
import dev.ensemble.agent.core.pod.PodConfigException;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodResources;
import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.core.pod.VolumeContents;
import dev.ensemble.agent.cri.v1.Mount;
import dev.ensemble.agent.cri.v1.MountPropagation;
import dev.ensemble.agent.os.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Volumes of pods: made before the sandbox, renewed when their sources change, removed at last. */
final class Volumes {
  private final PodFolders folders;
  private final PodTokens tokens;
  private final Tmpfs tmpfs;

  Volumes(PodFolders folders, PodTokens tokens, Tmpfs tmpfs) {
    this.folders = folders;
    this.tokens = tokens;
    this.tmpfs = tmpfs;
  }

  /** Mounts a file system in memory, unless it is there. */
  interface Tmpfs {
    /** On a simulated node nothing is mounted: it may not run as root. */
    Tmpfs NONE = (target, options) -> {};

    void mount(Path target, String options) throws IOException;
  }

  /**
   * @throws PodConfigException naming the volume, when it cannot be made as it is asked for
   */
  void prepare(PodDefinition pod, PodSources sources) throws IOException {
    for (JsonNode volume : pod.volumes()) {
      try {
        prepare(pod, volume, sources);
      } catch (PodConfigException e) {
        throw new PodConfigException(problem(volume, e));
      }
    }
  }

  private static String problem(JsonNode volume, Exception why) {
    return "MountVolume.SetUp failed for volume \""
        + text(volume, "name")
        + "\" : "
        + why.getMessage();
  }

  /**
   * Writes configMap, secret, downwardAPI and projected volumes again where they differ. Answers
   * what went wrong; such a volume stays as it is and keeps no other from being renewed.
   */
  List<String> refresh(PodDefinition pod, PodSources sources) {
    List<String> problems = new ArrayList<>();
    for (JsonNode volume : pod.volumes()) {
      if (VolumeContents.isMadeOfFiles(volume)) {
        try {
          prepare(pod, volume, sources);
        } catch (IOException | PodConfigException e) {
          problems.add(problem(volume, e));
        }
      }
    }
    return problems;
  }

  private void prepare(PodDefinition pod, JsonNode volume, PodSources sources) throws IOException {
    OptionalLong group = fsGroup(pod);
    if (VolumeContents.isMadeOfFiles(volume)) {
      Path folder = pathOf(pod, volume);
      Files.createDirectories(folder);
      if (has(volume, "secret") || has(volume, "projected")) {
        // Secrets do not reach the disk.
        tmpfs.mount(folder, "mode=0755,size=16m");
      }
      AtomicFolder.write(
          folder, VolumeContents.of(pod, volume, sources, List.of(), tokens::text), group);
    } else if (has(volume, "emptyDir")) {
      emptyDir(pod, volume, group);
    } else if (has(volume, "hostPath")) {
      hostPath(at(volume, "hostPath"));
    } else {
      String type =
          volume.properties().stream()
              .map(Map.Entry::getKey)
              .filter(key -> !key.equals("name"))
              .findFirst()
              .orElse("none");
      throw new PodConfigException("volumes of type " + type + " are not supported on this node");
    }
  }

  private void emptyDir(PodDefinition pod, JsonNode volume, OptionalLong group) throws IOException {
    Path folder = pathOf(pod, volume);
    boolean fresh = !Files.isDirectory(folder) || isUnfinished(folder);
    Files.createDirectories(folder);
    if (text(volume, "emptyDir", "medium").equals("Memory")) {
      OptionalLong size = memorySize(pod, volume);
      tmpfs.mount(folder, size.isEmpty() ? "mode=0777" : "mode=0777,size=" + size.getAsLong());
    } else if (!text(volume, "emptyDir", "medium").isEmpty()) {
      throw new PodConfigException(
          "emptyDir medium " + text(volume, "emptyDir", "medium") + " is not supported");
    }
    if (fresh) {
      Files.setPosixFilePermissions(folder, AtomicFolder.permissions(0777));
      if (group.isPresent()) {
        Files.setAttribute(folder, "unix:gid", (int) group.getAsLong());
        Files.setAttribute(folder, "unix:mode", 042777);
      }
    }
  }

  /** An agent that ended between making the folder and opening it to everybody left this. */
  private static boolean isUnfinished(Path folder) throws IOException {
    return ((Integer) Files.getAttribute(folder, "unix:mode") & 0777) != 0777;
  }

  /** The least of sizeLimit and what the pod may have of memory. */
  private static OptionalLong memorySize(PodDefinition pod, JsonNode volume) {
    OptionalLong pods = PodResources.ofPod(pod).memoryBytes();
    String given = text(volume, "emptyDir", "sizeLimit");
    if (given.isEmpty() || Quantities.value(given) == 0) {
      return pods;
    }
    long limit = Quantities.value(given);
    return OptionalLong.of(pods.isPresent() ? Math.min(limit, pods.getAsLong()) : limit);
  }

  private static void hostPath(JsonNode given) throws IOException {
    Path path = Path.of(text(given, "path"));
    String type = text(given, "type");
    boolean fits =
        switch (type) {
          case "" -> true;
          case "DirectoryOrCreate" -> {
            if (!Files.exists(path)) {
              Files.createDirectories(path);
            }
            yield Files.isDirectory(path);
          }
          case "Directory" -> Files.isDirectory(path);
          case "FileOrCreate" -> {
            if (!Files.exists(path)) {
              Files.createFile(path);
            }
            yield Files.isRegularFile(path);
          }
          case "File" -> Files.isRegularFile(path);
          case "Socket" -> is(path, 0140000);
          case "CharDevice" -> is(path, 0020000);
          case "BlockDevice" -> is(path, 0060000);
          default -> throw new PodConfigException(type + " is an invalid volume type");
        };
    if (!fits) {
      String kind =
          switch (type) {
            case "DirectoryOrCreate", "Directory" -> "directory";
            case "FileOrCreate", "File" -> "file";
            case "Socket" -> "socket file";
            case "CharDevice" -> "character device";
            default -> "block device";
          };
      throw new PodConfigException("hostPath type check failed: " + path + " is not a " + kind);
    }
  }

  private static boolean is(Path path, int fileType) throws IOException {
    return Files.exists(path)
        && ((Integer) Files.getAttribute(path, "unix:mode") & 0170000) == fileType;
  }

  private static OptionalLong fsGroup(PodDefinition pod) {
    Optional<Long> group = number(pod.spec(), "securityContext", "fsGroup");
    return group.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private Path pathOf(PodDefinition pod, JsonNode volume) {
    String name = text(volume, "name");
    if (has(volume, "hostPath")) {
      return Path.of(text(volume, "hostPath", "path"));
    }
    String plugin =
        has(volume, "emptyDir")
            ? "empty-dir"
            : has(volume, "configMap")
                ? "configmap"
                : has(volume, "secret")
                    ? "secret"
                    : has(volume, "projected") ? "projected" : "downward-api";
    return folders.volume(pod.uid(), plugin, name);
  }

  /** What the container sees of its pod's volumes, its hosts file and its termination log. */
  List<Mount> mounts(
      PodDefinition pod, JsonNode container, int attempt, Map<String, String> environment)
      throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (JsonNode mount : list(container, "volumeMounts")) {
      mounts.add(mount(pod, mount, environment));
    }
    if (mounts.stream().noneMatch(m -> m.getContainerPath().equals("/etc/hosts"))) {
      mounts.add(bind(folders.hosts(pod.uid()), "/etc/hosts"));
    }
    Path termination = folders.termination(pod.uid(), PodDefinition.nameOf(container), attempt);
    Files.createDirectories(termination.getParent());
    Files.writeString(termination, "");
    Files.setPosixFilePermissions(termination, AtomicFolder.permissions(0666));
    mounts.add(
        bind(termination, dev.ensemble.agent.core.pod.ContainerConfigs.terminationPath(container)));
    return mounts;
  }

  private static Mount bind(Path source, String target) {
    return Mount.newBuilder().setHostPath(source.toString()).setContainerPath(target).build();
  }

  private Mount mount(PodDefinition pod, JsonNode mount, Map<String, String> environment)
      throws IOException {
    String name = text(mount, "name");
    JsonNode volume =
        pod.volumes().stream()
            .filter(v -> text(v, "name").equals(name))
            .findFirst()
            .orElseThrow(() -> new PodConfigException("volume " + name + " not found"));
    Path source = pathOf(pod, volume);
    String subPath = text(mount, "subPath");
    if (has(mount, "subPathExpr")) {
      subPath =
          Expansion.expand(
              text(mount, "subPathExpr"),
              key ->
                  Optional.of(
                      Optional.ofNullable(environment.get(key))
                          .orElseThrow(
                              () -> new PodConfigException("missing value for \"" + key + "\""))));
    }
    if (!subPath.isEmpty()) {
      source = subPath(source, subPath);
    }
    String target = text(mount, "mountPath");
    return Mount.newBuilder()
        .setHostPath(source.toString())
        .setContainerPath(target.startsWith("/") ? target : "/" + target)
        .setReadonly(flag(mount, "readOnly"))
        .setPropagation(
            switch (text(mount, "mountPropagation")) {
              case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
              case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
              default -> MountPropagation.PROPAGATION_PRIVATE;
            })
        .build();
  }

  /** A link inside the volume must not lead out of it. */
  private static Path subPath(Path volume, String subPath) throws IOException {
    Path path = volume.resolve(subPath).normalize();
    if (!path.startsWith(volume) || subPath.startsWith("/")) {
      throw new PodConfigException("subPath " + subPath + " leads out of the volume");
    }
    Path existing = path;
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    if (!existing.toRealPath().startsWith(volume.toRealPath())) {
      throw new PodConfigException("subPath " + subPath + " leads out of the volume");
    }
    if (!Files.exists(path)) {
      makeFolders(path, (Integer) Files.getAttribute(volume, "unix:mode") & 0777);
    }
    return path.toRealPath();
  }

  /** As open as the volume: a container that is not root's may be meant to write there. */
  private static void makeFolders(Path path, int open) throws IOException {
    if (!Files.exists(path)) {
      makeFolders(path.getParent(), open);
      Files.createDirectory(path);
      int made = (Integer) Files.getAttribute(path, "unix:mode") & 07000;
      Files.setAttribute(path, "unix:mode", made | open);
    }
  }

  /** Unmounts and removes all that belongs to the pod. */
  void remove(String uid) throws IOException {
    Mounts.unmountBelow(folders.pod(uid));
    PodFolders.deleteTree(folders.pod(uid));
    tokens.forget(uid);
  }
}
