package dev.ensemble.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniResultsTest {
  @TempDir Path config;
  @TempDir Path results;

  @Test
  void whatAKilledContainerdBeganToWriteIsRemoved() throws Exception {
    Files.writeString(config.resolve("10-ours.conflist"), "{\"name\":\"ours\",\"plugins\":[]}");
    Files.writeString(results.resolve("ours-empty-eth0"), "");
    Files.writeString(results.resolve("ours-half-eth0"), "{\"kind\":\"cniCac");
    Files.writeString(results.resolve("ours-whole-eth0"), "{\"kind\":\"cniCacheV1\"}");
    Files.writeString(results.resolve("theirs-empty-eth0"), "");
    CniResults.mend(config, results);
    try (Stream<Path> left = Files.list(results)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("ours-whole-eth0", "theirs-empty-eth0");
    }
  }

  @Test
  void aMachineWithoutResultsIsFine() throws Exception {
    CniResults.mend(config, results.resolve("absent"));
    assertThat(results.resolve("absent")).doesNotExist();
  }
}
