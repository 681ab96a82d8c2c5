package dev.ensemble.persistence.cassandra;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How much later than asked the kernel may wake threads that sleep (prctl(2)). Linux only. */
final class TimerSlack {
  private static final Path OWN = Path.of("/proc/self/timerslack_ns");

  private TimerSlack() {}

  /**
   * What goes before a command so that all threads of it have this slack: a shell that sets its own
   * and becomes the command. Nothing where the kernel has no such thing.
   */
  static List<String> prefix(Duration slack) {
    return Files.isWritable(OWN)
        ? List.of("/bin/sh", "-c", "echo %d >%s; exec \"$@\"".formatted(slack.toNanos(), OWN), "sh")
        : List.of();
  }
}
