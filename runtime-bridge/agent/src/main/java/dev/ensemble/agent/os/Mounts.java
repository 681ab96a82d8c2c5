package dev.ensemble.agent.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Mounts and what is mounted. */
public final class Mounts {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private Mounts() {}

  public static void tmpfs(Path target, String options) throws IOException {
    if (!isMounted(target)) {
      Commands.run(
          TIMEOUT, "", List.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", target.toString()));
    }
  }

  public static boolean isMounted(Path target) throws IOException {
    return mountPoints().contains(target.toString());
  }

  /** Unmounts everything at and below the folder, the deepest first. */
  public static void unmountBelow(Path folder) throws IOException {
    List<String> below = new ArrayList<>();
    for (String point : mountPoints()) {
      if (Path.of(point).startsWith(folder)) {
        below.add(point);
      }
    }
    Collections.reverse(below);
    for (String point : below) {
      Commands.run(TIMEOUT, "", List.of("umount", point));
    }
  }

  private static List<String> mountPoints() throws IOException {
    List<String> points = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      points.add(line.split(" ", -1)[4].replace("\\040", " "));
    }
    return points;
  }
}
