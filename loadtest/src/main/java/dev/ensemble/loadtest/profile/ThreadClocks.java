package dev.ensemble.loadtest.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * CPU time of a Java process by what its threads are for, as Linux counts it. Threads that have
 * ended are missed.
 */
public final class ThreadClocks {
  private static final int TICKS_A_SECOND = 100;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private ThreadClocks() {}

  /** What a thread is for. */
  public enum Kind {
    JAVA("Java code"),
    COMPILER("JIT compiler"),
    COLLECTOR("garbage collector"),
    RECORDER("flight recorder"),
    MACHINE("other threads of the JVM");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }

    /** By the thread's name as the kernel has it: at most 15 bytes. */
    static Kind of(String name) {
      if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
        return COMPILER;
      }
      // With the serial collector, the thread that stops the world also collects.
      if (name.equals("VM Thread") || name.startsWith("GC Thread") || name.startsWith("G1 ")) {
        return COLLECTOR;
      }
      if (name.startsWith("JFR ")) {
        return RECORDER;
      }
      boolean machine =
          List.of("VM Periodic", "Monitor Defl", "Signal Disp", "Service Thread", "Common-Clean")
              .stream()
              .anyMatch(name::startsWith);
      return machine ? MACHINE : JAVA;
    }
  }

  /** What all threads of the process have used until now. */
  public static Map<Kind, Duration> read(ProcessHandle process) {
    Map<Kind, Duration> used = new EnumMap<>(Kind.class);
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        try {
          add(Files.readString(task.resolve("stat")), used);
        } catch (NoSuchFileException e) {
          continue;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return used;
  }

  /** Adds one line of /proc/PID/task/TID/stat. */
  static void add(String line, Map<Kind, Duration> used) {
    int close = line.lastIndexOf(')');
    String name = line.substring(line.indexOf('(') + 1, close);
    String[] fields = line.substring(close + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    used.merge(Kind.of(name), Duration.ofMillis(ticks * 1000 / TICKS_A_SECOND), Duration::plus);
  }

  public static Map<Kind, Duration> between(Map<Kind, Duration> before, Map<Kind, Duration> after) {
    Map<Kind, Duration> spent = new EnumMap<>(Kind.class);
    after.forEach(
        (kind, used) -> {
          Duration more = used.minus(before.getOrDefault(kind, Duration.ZERO));
          spent.put(kind, more.isNegative() ? Duration.ZERO : more);
        });
    return spent;
  }
}
