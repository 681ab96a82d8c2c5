package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.VolumeFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A folder of files that change all at once: the files are in a hidden folder, a link {@code
 * ..data} points at it, and links of the files' names lead through that. Readers see the old files
 * or the new ones, never a mix.
 */
final class AtomicFolder {
  private static final String DATA = "..data";

  private AtomicFolder() {}

  /** Writes the files if they differ from what is there. */
  static void write(Path folder, Map<String, VolumeFile> files, OptionalLong group)
      throws IOException {
    Files.createDirectories(folder);
    Path data = folder.resolve(DATA);
    if (Files.isSymbolicLink(data) && read(data.toRealPath()).equals(bytes(files))) {
      return;
    }
    Path fresh = Files.createTempDirectory(folder, "..files-");
    Files.setPosixFilePermissions(fresh, permissions(0755));
    for (Map.Entry<String, VolumeFile> entry : files.entrySet()) {
      Path file = fresh.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue().bytes());
      int mode = group.isPresent() ? entry.getValue().mode() | 0440 : entry.getValue().mode();
      Files.setPosixFilePermissions(file, permissions(mode));
      if (group.isPresent()) {
        Files.setAttribute(file, "unix:gid", (int) group.getAsLong(), LinkOption.NOFOLLOW_LINKS);
      }
    }
    Path old = Files.isSymbolicLink(data) ? data.toRealPath() : fresh;
    Path link = folder.resolve("..data-new");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, fresh.getFileName());
    Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    linkNames(folder, files.keySet());
    if (!old.equals(fresh)) {
      PodFolders.deleteTree(old);
    }
  }

  private static void linkNames(Path folder, Set<String> paths) throws IOException {
    Set<String> names = new HashSet<>();
    paths.forEach(path -> names.add(path.split("/", 2)[0]));
    for (String name : names) {
      Path link = folder.resolve(name);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("..") && !names.contains(name)) {
          Files.delete(entry);
        }
      }
    }
  }

  private static Map<String, Integer> bytes(Map<String, VolumeFile> files) {
    Map<String, Integer> sums = new TreeMap<>();
    files.forEach((path, file) -> sums.put(path, Arrays.hashCode(file.bytes())));
    return sums;
  }

  private static Map<String, Integer> read(Path folder) throws IOException {
    Map<String, Integer> sums = new TreeMap<>();
    try (var walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        sums.put(folder.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return sums;
  }

  static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    // PosixFilePermission lists OWNER_READ first, as the highest of nine bits.
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & (1 << (all.length - 1 - bit))) != 0) {
        set.add(all[bit]);
      }
    }
    return set;
  }
}
