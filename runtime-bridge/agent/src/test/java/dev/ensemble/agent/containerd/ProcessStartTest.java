package dev.ensemble.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessStartTest {
  @Test
  void aProcessThatEndedIsNoProcessThoughItsParentDoesNotAskForIt() throws Exception {
    // The shell turns into a program that knows nothing of the shell's child.
    Process parent =
        new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      long child = Long.parseLong(said.readLine());
      awaitStat(parent.pid(), "(sleep)");
      ProcessHandle.of(child).orElseThrow().destroyForcibly();
      awaitStat(child, ") Z ");
      assertThat(ProcessStart.ticks(child)).isEmpty();
      assertThat(ProcessStart.ticks(parent.pid())).isPresent();
    } finally {
      parent.destroyForcibly();
    }
  }

  private static void awaitStat(long pid, String words) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    await().atMost(Duration.ofSeconds(10)).until(() -> Files.readString(stat).contains(words));
  }
}
