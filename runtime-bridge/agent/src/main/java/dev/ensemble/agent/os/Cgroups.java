package dev.ensemble.agent.os;

import dev.ensemble.agent.core.pod.PodResources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The cgroups of pods below one parent, in version 1 hierarchies or the unified one. The runtime
 * makes containers' cgroups inside; it neither limits nor removes the pods' own.
 */
public final class Cgroups {
  private static final List<String> CONTROLLERS =
      List.of(
          "cpu",
          "cpuacct",
          "cpuset",
          "memory",
          "pids",
          "blkio",
          "devices",
          "freezer",
          "net_cls",
          "net_prio",
          "perf_event",
          "hugetlb",
          "systemd",
          "misc",
          "rdma");

  private final Path mount;
  private final String parent;
  private final long podPidsMax;

  public Cgroups(Path mount, String parent, long podPidsMax) {
    this.mount = mount;
    this.parent = parent;
    this.podPidsMax = podPidsMax;
  }

  public boolean unified() {
    return Files.exists(mount.resolve("cgroup.controllers"));
  }

  /** The cgroup of a pod, as CRI's cgroup_parent names it. */
  public String pathOf(String podUid, String qosClass) {
    String name = "/pod" + podUid;
    return qosClass.equals("Guaranteed")
        ? "/" + parent + name
        : "/" + parent + "/" + qosClass.toLowerCase(Locale.ROOT) + name;
  }

  public void create(String path, PodResources resources) throws IOException {
    if (unified()) {
      createUnified(path, resources);
      return;
    }
    for (String controller : List.of("cpu", "memory", "pids")) {
      Path hierarchy = mount.resolve(controller);
      if (Files.isDirectory(hierarchy)) {
        Path cgroup = hierarchy.resolve(path.substring(1));
        Files.createDirectories(cgroup);
        limit(controller, cgroup, resources);
      }
    }
  }

  private void limit(String controller, Path cgroup, PodResources resources) throws IOException {
    switch (controller) {
      case "cpu" -> {
        write(cgroup, "cpu.shares", Long.toString(resources.cpuShares()));
        if (resources.cpuQuotaMicros().isPresent()) {
          write(cgroup, "cpu.cfs_period_us", Long.toString(PodResources.CPU_PERIOD_MICROS));
          write(cgroup, "cpu.cfs_quota_us", Long.toString(resources.cpuQuotaMicros().getAsLong()));
        }
      }
      case "memory" -> {
        if (resources.memoryBytes().isPresent()) {
          write(
              cgroup, "memory.limit_in_bytes", Long.toString(resources.memoryBytes().getAsLong()));
        }
      }
      default -> write(cgroup, "pids.max", Long.toString(podPidsMax));
    }
  }

  private void createUnified(String path, PodResources resources) throws IOException {
    Path here = mount;
    for (String name : path.substring(1).split("/", -1)) {
      enableControllers(here);
      here = here.resolve(name);
      Files.createDirectories(here);
    }
    enableControllers(here);
    long weight = 1 + (resources.cpuShares() - 2) * 9999 / 262_142;
    write(here, "cpu.weight", Long.toString(weight));
    if (resources.cpuQuotaMicros().isPresent()) {
      write(
          here,
          "cpu.max",
          resources.cpuQuotaMicros().getAsLong() + " " + PodResources.CPU_PERIOD_MICROS);
    }
    if (resources.memoryBytes().isPresent()) {
      write(here, "memory.max", Long.toString(resources.memoryBytes().getAsLong()));
    }
    write(here, "pids.max", Long.toString(podPidsMax));
  }

  private void enableControllers(Path cgroup) throws IOException {
    String available = Files.readString(cgroup.resolve("cgroup.controllers"));
    for (String controller : List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids")) {
      if (List.of(available.trim().split(" ", -1)).contains(controller)) {
        write(cgroup, "cgroup.subtree_control", "+" + controller);
      }
    }
  }

  private static void write(Path cgroup, String file, String value) throws IOException {
    Files.writeString(cgroup.resolve(file), value);
  }

  /** Removes a pod's cgroup with what the runtime left inside; nothing must run there. */
  public void remove(String path) throws IOException {
    for (Path hierarchy : hierarchies()) {
      removeTree(hierarchy.resolve(path.substring(1)));
    }
  }

  /** Removes the common parent and all below. */
  public void removeAll() throws IOException {
    remove("/" + parent);
  }

  private List<Path> hierarchies() {
    List<Path> found = new ArrayList<>();
    if (unified()) {
      found.add(mount);
    } else {
      CONTROLLERS.stream().map(mount::resolve).filter(Files::isDirectory).forEach(found::add);
      if (Files.isDirectory(mount.resolve("unified"))) {
        found.add(mount.resolve("unified"));
      }
    }
    return found;
  }

  private static void removeTree(Path cgroup) throws IOException {
    if (!Files.isDirectory(cgroup)) {
      return;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(cgroup, Files::isDirectory)) {
      for (Path child : children) {
        removeTree(child);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    // The kernel's files in it need no removal.
    Files.deleteIfExists(cgroup);
  }
}
