package dev.ensemble.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerSlackTest {
  @Test
  void aCommandHasTheSlackThatItWasStartedWith() throws Exception {
    List<String> command = new ArrayList<>(TimerSlack.prefix(Duration.ofNanos(200_000)));
    command.addAll(List.of("cat", "/proc/self/timerslack_ns"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
        .isEqualTo("200000\n");
  }
}
