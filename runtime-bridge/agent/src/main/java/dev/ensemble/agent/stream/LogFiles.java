package dev.ensemble.agent.stream;

import dev.ensemble.agent.core.log.LogLine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of one container's log: the rotated ones, the oldest first, then the one written. */
record LogFiles(Path log) {
  /** A place in the files: so many lines of a file are to be passed over. */
  record Place(Path file, long linesToSkip) {}

  /** How far the log went at a moment; empty when there was none. */
  record End(Object inode, long bytes) {}

  List<Path> rotated() throws IOException {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(log.getParent())) {
      return found;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(log.getParent(), log.getFileName() + ".*")) {
      files.forEach(found::add);
    }
    found.sort(null);
    return found;
  }

  List<Path> all() throws IOException {
    List<Path> files = rotated();
    if (Files.exists(log)) {
      files.add(log);
    }
    return files;
  }

  Optional<End> end() throws IOException {
    try {
      return Optional.of(new End(LogFile.inode(log), Files.size(log)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The file that follows this one; empty when it is the last. */
  Optional<Path> after(Object inode) throws IOException {
    List<Path> files = all();
    int index = indexOf(files, inode);
    if (index < 0) {
      // Renamed while the folder was read, or deleted: then all that is left is newer.
      files = all();
      index = indexOf(files, inode);
    }
    return index + 1 < files.size() ? Optional.of(files.get(index + 1)) : Optional.empty();
  }

  private static int indexOf(List<Path> files, Object inode) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      try {
        if (LogFile.inode(files.get(i)).equals(inode)) {
          return i;
        }
      } catch (NoSuchFileException e) {
        // The oldest goes when there is one more.
        continue;
      }
    }
    return -1;
  }

  /** Where the last lines begin; parts of a line count as one. Holds none of them in memory. */
  Optional<Place> tail(long lines, Optional<End> end) throws IOException {
    List<Path> files = all();
    long found = 0;
    for (int i = files.size() - 1; i >= 0; i--) {
      long inFile = count(files.get(i), end);
      found += inFile;
      if (found >= lines) {
        return Optional.of(new Place(files.get(i), found - lines));
      }
    }
    return files.isEmpty() ? Optional.empty() : Optional.of(new Place(files.get(0), 0));
  }

  private static long count(Path path, Optional<End> end) throws IOException {
    long lines = 0;
    try (LogFile file = new LogFile(path)) {
      long bytesMax =
          end.filter(e -> e.inode().equals(file.inode())).map(End::bytes).orElse(Long.MAX_VALUE);
      Optional<LogLine> line = file.next();
      while (line.isPresent() && file.consumed() <= bytesMax) {
        lines += line.get().partial() ? 0 : 1;
        line = file.next();
      }
    }
    return lines;
  }
}
