package dev.ensemble.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded node's commit log, on a node of its own that loses power. */
class PreallocatedLogIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long SEGMENT_BYTES = 16 << 20;
  private static final int ROWS = 50;

  @TempDir private Path folder;
  private EmbeddedCassandra node;

  private CassandraSettings settings() {
    return CassandraNode.settings("5s", "preallocated_it", folder, 34);
  }

  @AfterEach
  void stop() {
    node.stop();
  }

  private void start() {
    node = new EmbeddedCassandra(settings().embedded());
    node.start();
  }

  private void losePower() {
    ProcessHandle process = node.running().orElseThrow();
    process.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("commitlog"))) {
      return files.sorted(Comparator.comparing(Path::toString)).toList();
    }
  }

  private void insert(int from, int to) {
    try (CassandraConnection connection = CassandraConnection.open(settings())) {
      CqlSession session = connection.session();
      session.execute("CREATE TABLE IF NOT EXISTS preallocated_it.rows (n int PRIMARY KEY)");
      for (int n = from; n < to; n++) {
        session.execute("INSERT INTO preallocated_it.rows (n) VALUES (" + n + ")");
      }
    }
  }

  private List<Integer> rows() {
    try (CassandraConnection connection = CassandraConnection.open(settings())) {
      return connection.session().execute("SELECT n FROM preallocated_it.rows").all().stream()
          .map(row -> row.getInt(0))
          .sorted()
          .toList();
    }
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** Where the next section of a segment would begin. */
  private static int end(RandomAccessFile file) throws IOException {
    file.seek(12);
    int marker = 14 + file.readUnsignedShort() + 4;
    while (true) {
      file.seek(marker);
      int next = file.readInt();
      if (next <= marker) {
        return marker;
      }
      marker = next;
    }
  }

  @Test
  void segmentsHaveTheirWholeLengthFromTheStartAndAreReadAfterALossOfPower() throws Exception {
    assertThat(Files.getFileStore(folder).type())
        .as("a file system that writes in place")
        .isIn("ext4", "xfs");
    start();
    insert(0, ROWS);
    assertThat(segments()).hasSizeGreaterThan(1);
    for (Path segment : segments()) {
      assertThat(segment).hasSize(SEGMENT_BYTES);
    }
    losePower();
    start();
    assertThat(rows()).isEqualTo(upTo(ROWS));
  }

  @Test
  void aSectionOfWhichThePowerLeftAPartIsPassedOver() throws Exception {
    start();
    insert(0, ROWS);
    losePower();
    Path used = segments().get(0);
    try (RandomAccessFile file = new RandomAccessFile(used.toFile(), "rw")) {
      file.seek(4);
      long id = file.readLong();
      int marker = end(file);
      assertThat(marker).as("sections were found").isGreaterThan(ROWS);
      file.seek(marker);
      file.writeInt(marker + 9_000);
      file.writeInt(TornSegments.checksum(id, marker));
      file.writeInt(4_000);
      file.write(new byte[] {1, 2, 3, 4, 5, 6, 7});
    }
    start();
    assertThat(rows()).isEqualTo(upTo(ROWS));
    insert(ROWS, ROWS + 1);
    losePower();
    start();
    assertThat(rows()).isEqualTo(upTo(ROWS + 1));
  }

  @Test
  void aSegmentThatWasNeverBegunIsPassedOver() throws Exception {
    start();
    insert(0, ROWS);
    losePower();
    List<Path> before = segments();
    Path last = before.get(before.size() - 1);
    try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
      file.setLength(0);
    }
    start();
    assertThat(rows()).isEqualTo(upTo(ROWS));
  }
}
