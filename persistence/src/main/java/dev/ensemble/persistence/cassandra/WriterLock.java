package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write to an embedded node: the kernel's lock on a file in the node's folder. One
 * process has it, until it closes this or has ended, in whatever way; a process that is paused
 * keeps it. The file holds the lock's name, by which it is known wherever the folder is moved. A
 * process that opened the file a second time would give up the lock by closing it again.
 */
public final class WriterLock implements AutoCloseable {
  private static final int NAME_BYTES_MAX = 64;

  /** The files that this process has opened. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final String name;

  private WriterLock(Path file, FileChannel channel, String name) {
    this.file = file;
    this.channel = channel;
    this.name = name;
  }

  /** Fails with a {@link CassandraProcessException} while another process has it. */
  static WriterLock take(Path folder) {
    try {
      Path file = Files.createDirectories(folder).toRealPath().resolve("writer.lock");
      if (!OPEN.add(file)) {
        throw new CassandraProcessException("this process holds %s already".formatted(file));
      }
      try {
        return lock(file);
      } catch (IOException | RuntimeException e) {
        OPEN.remove(file);
        throw e;
      }
    } catch (IOException e) {
      throw new CassandraProcessException("cannot lock " + folder, e);
    }
  }

  private static WriterLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new CassandraProcessException(
            "another process writes to the Cassandra in %s: it holds %s"
                .formatted(file.getParent(), file));
      }
      return new WriterLock(file, channel, nameIn(channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
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
      OPEN.remove(file);
    } catch (IOException e) {
      throw new CassandraProcessException("cannot give up the lock " + name, e);
    }
  }
}
