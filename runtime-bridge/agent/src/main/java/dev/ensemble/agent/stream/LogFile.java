package dev.ensemble.agent.stream;

import dev.ensemble.agent.core.log.LogLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads whole lines of one log file, which may grow, be renamed or be deleted meanwhile. */
final class LogFile implements AutoCloseable {
  /** Longer than any line: the runtime cuts at 16 KiB. What is longer all the same is left out. */
  private static final int BUFFER_BYTES = 64 * 1024;

  private final RandomAccessFile file;
  private final Object inode;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;
  private long consumed;
  private boolean tooLong;

  LogFile(Path path) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.inode = inode(path);
  }

  static Object inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino");
  }

  Object inode() {
    return inode;
  }

  /** Bytes of the lines that were read. */
  long consumed() {
    return consumed;
  }

  /** The next line; empty at the end for now. */
  Optional<LogLine> next() throws IOException {
    int from = start;
    while (true) {
      for (int i = from; i < end; i++) {
        if (buffer[i] == '\n') {
          Optional<LogLine> line = tooLong ? Optional.empty() : LogLine.parse(buffer, start, i);
          consumed += i + 1 - start;
          start = i + 1;
          tooLong = false;
          if (line.isPresent()) {
            return line;
          }
        }
      }
      from = end;
      if (start > 0) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        from -= start;
        end -= start;
        start = 0;
      }
      if (end == buffer.length) {
        tooLong = true;
        consumed += end;
        end = 0;
        from = 0;
      }
      int count = file.read(buffer, end, buffer.length - end);
      if (count <= 0) {
        return Optional.empty();
      }
      end += count;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
