package dev.ensemble.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir Path folder;

  @Test
  void aProcessIsFoundAgain() {
    PidFile file = new PidFile(folder.resolve("pid"));
    assertThat(file.read()).isEmpty();
    file.write(ProcessHandle.current());
    assertThat(file.read()).contains(ProcessHandle.current());
  }

  @Test
  void anotherProcessThatGotTheSameIdIsNotTaken() throws Exception {
    Path path = folder.resolve("pid");
    Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
    Files.writeString(
        path, ProcessHandle.current().pid() + "\n" + start.minus(Duration.ofMinutes(5)) + "\n");
    assertThat(new PidFile(path).read()).isEmpty();
  }

  @Test
  void aFileThatWasCutShortIsNoProcess() throws Exception {
    Path path = folder.resolve("pid");
    Files.writeString(path, ProcessHandle.current().pid() + "\n");
    assertThat(new PidFile(path).read()).isEmpty();
    Files.writeString(path, "x\ny\n");
    assertThat(new PidFile(path).read()).isEmpty();
  }
}
