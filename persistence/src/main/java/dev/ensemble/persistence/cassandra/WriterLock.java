package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The right to write to an embedded node: the kernel's lock on a file in the node's folder. One
 * process has it, until it closes this or has ended, in whatever way; a process that is paused
 * keeps it. The file holds the lock's name, by which it is known wherever the folder is moved.
 * Nothing else in the process may open the file: closing it again would give up the lock.
 */
public final class WriterLock implements AutoCloseable {
  private static final int NAME_BYTES_MAX = 64;

  private final FileChannel channel;
  private final String name;

  private WriterLock(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
  }

  /** Fails with a {@link CassandraProcessException} while another process has it. */
  static WriterLock take(Path folder) {
    Path file = folder.resolve("writer.lock");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new CassandraProcessException(
            "another process writes to the Cassandra in %s: it holds %s".formatted(folder, file));
      }
      return new WriterLock(channel, nameIn(channel));
    } catch (IOException e) {
      throw new CassandraProcessException("cannot lock " + file, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String nameIn(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(NAME_BYTES_MAX);
    channel.read(bytes, 0);
    String name = StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
    if (name.isEmpty()) {
      name = UUID.randomUUID().toString();
      channel.write(ByteBuffer.wrap((name + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
      channel.force(true);
    }
    return name;
  }

  public String name() {
    return name;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new CassandraProcessException("cannot give up the lock " + name, e);
    }
  }
}
