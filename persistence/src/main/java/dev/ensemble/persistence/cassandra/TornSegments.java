package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts off what a full disk left half written at the end of commit log segments: a node refuses to
 * start with it, although nobody was told that it was stored (a node whose log could not be written
 * whole ends before it acknowledges: see jvm.options). A segment that is damaged in any other way
 * is left alone, and the node refuses it.
 *
 * <p>A segment is a header and then sections. Each section begins with a marker: where the next one
 * begins, and a checksum of the segment's id and the marker's own position.
 */
final class TornSegments {
  private static final Logger LOG = LoggerFactory.getLogger(TornSegments.class);

  /** Version, id, length of the parameters; then these, then a checksum. */
  private static final int FIXED_BYTES = 4 + 8 + 2;

  private static final int CHECKSUM_BYTES = 4;
  private static final int MARKER_BYTES = 8;

  private TornSegments() {}

  /** No node may be running on the folder. */
  static void mend(Path commitLog) throws IOException {
    if (!Files.isDirectory(commitLog)) {
      return;
    }
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(commitLog, "CommitLog-*.log")) {
      for (Path segment : segments) {
        mendSegment(segment);
      }
    }
  }

  private static void mendSegment(Path segment) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      long header = headerBytes(file);
      if (header <= file.length()) {
        cut(segment, file, header);
        return;
      }
    }
    LOG.warn("removing {}, which was never begun: it has no whole header", segment);
    Files.delete(segment);
  }

  private static long headerBytes(RandomAccessFile file) throws IOException {
    if (file.length() < FIXED_BYTES) {
      return Long.MAX_VALUE;
    }
    file.seek(FIXED_BYTES - 2);
    return (long) FIXED_BYTES + file.readUnsignedShort() + CHECKSUM_BYTES;
  }

  private static void cut(Path segment, RandomAccessFile file, long firstMarker)
      throws IOException {
    file.seek(4);
    long id = file.readLong();
    long marker = firstMarker;
    while (marker + MARKER_BYTES <= file.length()) {
      file.seek(marker);
      long next = file.readInt();
      if (file.readInt() != checksum(id, (int) marker) || next <= marker) {
        return;
      }
      if (next > file.length()) {
        LOG.warn(
            "cutting off {} bytes at the end of {}: a write for which there was no room",
            file.length() - marker,
            segment);
        file.setLength(marker);
        return;
      }
      marker = next;
    }
  }

  static int checksum(long id, int position) {
    CRC32 crc = new CRC32();
    update(crc, (int) id);
    update(crc, (int) (id >>> 32));
    update(crc, position);
    return (int) crc.getValue();
  }

  private static void update(CRC32 crc, int value) {
    crc.update(value >>> 24);
    crc.update(value >>> 16);
    crc.update(value >>> 8);
    crc.update(value);
  }
}
