package dev.ensemble.loadtest.faults;

import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file system of its own at a folder, small enough to be filled. Needs root. */
record SmallDisk(Path folder) implements AutoCloseable {
  private static final int BLOCK_BYTES = 64 * 1024;

  /** What it is made of; the node writes its commit log to each in another way. */
  enum Kind {
    IN_MEMORY,
    EXT4
  }

  static SmallDisk mount(Kind kind, Path folder, int mebibytes) throws IOException {
    Files.createDirectories(folder);
    if (kind == Kind.IN_MEMORY) {
      Programs.output(
          List.of(
              "mount",
              "-t",
              "tmpfs",
              "-o",
              "size=" + mebibytes + "m",
              "ensemble-it",
              folder.toString()));
      return new SmallDisk(folder);
    }
    Path image = folder.resolveSibling(folder.getFileName() + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) mebibytes << 20);
    }
    Programs.output(List.of("mkfs.ext4", "-q", "-m", "0", image.toString()));
    Programs.output(List.of("mount", "-o", "loop", image.toString(), folder.toString()));
    Files.delete(image);
    return new SmallDisk(folder);
  }

  private Path filling() {
    return folder.resolve("filling");
  }

  /** To the last byte. */
  void fill() throws IOException {
    for (int block = BLOCK_BYTES; block > 0; block /= 2) {
      try (OutputStream out =
          Files.newOutputStream(filling(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (true) {
          out.write(new byte[block]);
        }
      } catch (IOException full) {
        // The next one tries with less.
      }
    }
  }

  void free() throws IOException {
    Files.delete(filling());
  }

  @Override
  public void close() throws IOException {
    Programs.output(List.of("umount", folder.toString()));
  }
}
