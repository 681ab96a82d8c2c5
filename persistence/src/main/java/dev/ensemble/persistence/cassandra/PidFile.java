package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * Remembers a process over our own restarts: its id and when it started, since ids are used again.
 */
final class PidFile {
  // The kernel's clock ticks and its boot time are rounded differently from one read to the next.
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private final Path file;

  PidFile(Path file) {
    this.file = file;
  }

  void write(ProcessHandle process) {
    String start = process.info().startInstant().map(Instant::toString).orElse("");
    try {
      Path temporary = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(temporary, process.pid() + "\n" + start + "\n");
      Files.move(
          temporary,
          file,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CassandraProcessException("cannot write " + file, e);
    }
  }

  /** The remembered process, if it is the same one and alive. */
  Optional<ProcessHandle> read() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < 2) {
        return Optional.empty();
      }
      Instant start = Instant.parse(lines.get(1));
      return ProcessHandle.of(Long.parseLong(lines.get(0)))
          .filter(ProcessHandle::isAlive)
          .filter(process -> startedAt(process, start));
    } catch (NumberFormatException | DateTimeParseException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CassandraProcessException("cannot read " + file, e);
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CassandraProcessException("cannot delete " + file, e);
    }
  }

  private static boolean startedAt(ProcessHandle process, Instant start) {
    return process
        .info()
        .startInstant()
        .map(actual -> Duration.between(start, actual).abs().compareTo(START_TOLERANCE) <= 0)
        .orElse(false);
  }
}
