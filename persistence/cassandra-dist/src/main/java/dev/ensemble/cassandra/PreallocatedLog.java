package dev.ensemble.cassandra;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.apache.cassandra.config.Config.DiskAccessMode;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.db.commitlog.CommitLog;
import org.apache.cassandra.db.commitlog.CommitLogSegment;
import org.apache.cassandra.db.commitlog.CommitLogSegmentManagerStandard;
import org.apache.cassandra.io.FSWriteError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A commit log whose segments are filled with zeros before the first write to them, and written by
 * direct I/O. A write that makes a file longer is on disk only when the file system has written its
 * own journal too; one into what is there already waits for the disk once. What and how Cassandra
 * writes is its own; the zeros are what a segment that it maps into memory has behind its end.
 *
 * <p>Cassandra's direct I/O does not notice that a full disk took a part of a write
 * (CASSANDRA-20692). Here a full disk is met while a segment is made, before anything is in it,
 * which ends the node as {@code commit_failure_policy} says. So this is for file systems that write
 * in place; on others (btrfs, ZFS, overlays) a write needs new room, and the settings are left as
 * they are.
 */
final class PreallocatedLog extends CommitLogSegmentManagerStandard {
  private static final Logger LOG = LoggerFactory.getLogger(PreallocatedLog.class);

  /** As {@link java.nio.file.FileStore#type} names them. */
  private static final Set<String> WRITING_IN_PLACE = Set.of("ext4", "xfs");

  private static final int FILL_BYTES = 256 * 1024;

  /** In the block size of the file system, as direct I/O asks. One thread makes segments. */
  private final ByteBuffer zeros;

  private PreallocatedLog(CommitLog log) {
    super(log, DatabaseDescriptor.getCommitLogLocation());
    int block = blockBytes(Path.of(DatabaseDescriptor.getCommitLogLocation()));
    this.zeros = ByteBuffer.allocateDirect(FILL_BYTES + block).alignedSlice(block);
  }

  /** To be called when the settings are read and before the commit log is opened. */
  static void use() {
    Path folder = Path.of(DatabaseDescriptor.getCommitLogLocation());
    String type = type(folder);
    if (!WRITING_IN_PLACE.contains(type)) {
      LOG.info("{} is on {}: the commit log is written as configured", folder, type);
      return;
    }
    LOG.info("{} is on {}: segments of the commit log are preallocated", folder, type);
    DatabaseDescriptor.setCommitLogCompression(null);
    DatabaseDescriptor.setCommitLogWriteDiskAccessMode(DiskAccessMode.direct);
    DatabaseDescriptor.initializeCommitLogDiskAccessMode();
    DatabaseDescriptor.setCommitLogSegmentMgrProvider(PreallocatedLog::new);
  }

  private static String type(Path folder) {
    try {
      return Files.getFileStore(Files.createDirectories(folder)).type();
    } catch (IOException e) {
      throw new FSWriteError(e, folder.toString());
    }
  }

  private static int blockBytes(Path folder) {
    try {
      return Math.toIntExact(Files.getFileStore(folder).getBlockSize());
    } catch (IOException e) {
      throw new FSWriteError(e, folder.toString());
    }
  }

  @Override
  public CommitLogSegment createSegment() {
    CommitLogSegment segment = super.createSegment();
    try {
      fill(Path.of(segment.getPath()), DatabaseDescriptor.getCommitLogSegmentSize());
      return segment;
    } catch (IOException e) {
      discard(segment, true);
      throw new FSWriteError(e, segment.getPath());
    }
  }

  /** Appends zeros up to a size, on disk when this returns. Sizes are in whole blocks. */
  private void fill(Path file, long bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
      for (long at = channel.size(); at < bytes; ) {
        zeros.clear().limit((int) Math.min(FILL_BYTES, bytes - at));
        at += channel.write(zeros, at);
      }
      channel.force(true);
    }
  }
}
