package dev.ensemble.agent.stream;

import dev.ensemble.agent.core.log.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whole lines of a log that may grow, be renamed, or not be there yet. */
final class LogFile implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Path path;
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private Optional<RandomAccessFile> file = Optional.empty();
  private Optional<Object> identity = Optional.empty();

  LogFile(Path path) {
    this.path = path;
  }

  /** The next lines; none at the end for now. */
  List<LogLine> read() throws IOException {
    if (file.isEmpty() && Files.exists(path)) {
      identity = Optional.of(Files.getAttribute(path, "unix:ino"));
      file = Optional.of(new RandomAccessFile(path.toFile(), "r"));
    }
    List<LogLine> lines = new ArrayList<>();
    byte[] chunk = new byte[CHUNK_BYTES];
    while (file.isPresent() && lines.isEmpty()) {
      int count = file.get().read(chunk);
      if (count <= 0) {
        return lines;
      }
      int from = 0;
      for (int i = 0; i < count; i++) {
        if (chunk[i] == '\n') {
          partial.write(chunk, from, i - from);
          LogLine.parse(partial.toString(StandardCharsets.UTF_8)).ifPresent(lines::add);
          partial.reset();
          from = i + 1;
        }
      }
      partial.write(chunk, from, count - from);
    }
    return lines;
  }

  /** Another file has the name now. */
  boolean replaced() throws IOException {
    return identity.isPresent()
        && Files.exists(path)
        && !identity.get().equals(Files.getAttribute(path, "unix:ino"));
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
