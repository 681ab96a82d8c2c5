package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodDefinition;
import java.io.IOException;
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
