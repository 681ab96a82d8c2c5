package dev.ensemble.agent.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** When a process started, in clock ticks since boot: with its id it names one process for sure. */
final class ProcessStart {
  /** Field 22 of /proc/PID/stat; counted after the command's closing parenthesis it is the 20th. */
  private static final int START_FIELD_AFTER_COMMAND = 19;

  /** The first field after the command. */
  private static final int STATE = 0;

  private ProcessStart() {}

  /** Empty when there is no such process, or when it has ended and its parent does not know yet. */
  static Optional<String> ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[STATE].equals("Z") || fields[STATE].equals("X")
          ? Optional.empty()
          : Optional.of(fields[START_FIELD_AFTER_COMMAND]);
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
