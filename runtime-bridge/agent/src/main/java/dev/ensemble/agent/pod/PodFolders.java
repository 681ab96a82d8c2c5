package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.runtime.ContainerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Where the files of pods are, in the kubelet's layout below our own folder. */
public record PodFolders(Path data) {
  public Path pods() {
    return data.resolve("pods");
  }

  public Path pod(String uid) {
    return pods().resolve(uid);
  }

  public Path volume(String uid, String plugin, String name) {
    return pod(uid).resolve("volumes").resolve("kubernetes.io~" + plugin).resolve(name);
  }

  public Path hosts(String uid) {
    return pod(uid).resolve("etc-hosts");
  }

  public Path termination(String uid, String container, int attempt) {
    return pod(uid).resolve("containers").resolve(container).resolve("termination-" + attempt);
  }

  public Path logs(PodDefinition pod) {
    return logsRoot().resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid());
  }

  public Path logsRoot() {
    return data.resolve("log").resolve("pods");
  }

  public Path log(PodDefinition pod, String container, int attempt) {
    return logs(pod).resolve(container).resolve(attempt + ".log");
  }

  /** Removes one incarnation's log, rotated files and all, and its termination message. */
  void deleteFilesOf(PodDefinition pod, ContainerState container) {
    Path log = log(pod, container.name(), container.attempt());
    try {
      if (Files.isDirectory(log.getParent())) {
        try (DirectoryStream<Path> files =
            Files.newDirectoryStream(log.getParent(), log.getFileName() + "*")) {
          for (Path file : files) {
            Files.deleteIfExists(file);
          }
        }
      }
      Files.deleteIfExists(termination(pod.uid(), container.name(), container.attempt()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a tree without following links out of it. */
  public static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
