package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The disk of Cassandra's folder fills up in the middle of writes, then has room again. */
class FullDiskIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int WRITERS = 4;
  private static final int DISK_MEBIBYTES = 256;

  private ProductUnderTest product;
  private SmallDisk disk;

  private void start(SmallDisk.Kind kind) throws Exception {
    product = ProductUnderTest.simulated("full-disk");
    disk = SmallDisk.mount(kind, product.folder().resolve("cassandra"), DISK_MEBIBYTES);
    product.begin(ProductUnderTest::start);
  }

  @AfterEach
  void stop() throws Exception {
    product.close();
    disk.close();
  }

  @ParameterizedTest
  @EnumSource
  void writesAreRefusedWhileThereIsNoRoomAndNothingAcknowledgedIsLost(SmallDisk.Kind kind)
      throws Exception {
    start(kind);
    Writers writers = Writers.start(product.api(), "full", WRITERS);
    try (writers) {
      await().atMost(PATIENCE).until(() -> writers.acknowledgedCount() > 100);
      disk.fill();
      await("writes fail").atMost(PATIENCE).until(() -> !writers.failures().isEmpty());
      await("the product says what is wrong")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(product.text("/readyz?verbose")).contains("[-]cassandra-disk failed");
                assertThat(log()).anyMatch(line -> line.contains("is full"));
              });
      await("reads are answered")
          .atMost(PATIENCE)
          .until(() -> product.api().get(CONFIG_MAPS + "?limit=10").accepted());
      int acknowledged = writers.acknowledgedCount();
      disk.free();
      await("writes go on")
          .atMost(PATIENCE)
          .until(() -> writers.acknowledgedCount() > acknowledged + 50);
    }
    Writers.assertClear(writers.failures());
    assertThat(writers.lost()).isEmpty();
    writers.assertKnown();
    await().atMost(PATIENCE).until(() -> product.api().get("/readyz").accepted());
    WholeJournal.verify(product, 100);
  }

  private List<String> log() throws IOException {
    return Files.readAllLines(product.folder().resolve("log/control-plane.log"));
  }
}
