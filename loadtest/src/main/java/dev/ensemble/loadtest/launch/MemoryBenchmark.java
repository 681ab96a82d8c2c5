package dev.ensemble.loadtest.launch;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Resident memory of the processes after a minute without work. Headline: control plane and agent
 * together; Cassandra is printed.
 */
public final class MemoryBenchmark implements Benchmark {
  private static final long IDLE_SECONDS = 60;
  private static final int READINGS = 5;
  private static final long READING_SECONDS = 2;
  private static final double KIB_A_MB = 1_000_000 / 1_024.0;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String description() {
    return "resident memory of control plane and agent, idle for a minute";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Arguments arguments = Arguments.parse(words, Set.of("node", "idle-seconds"));
    Map<String, List<Double>> readings = new LinkedHashMap<>();
    List<Double> both = new ArrayList<>();
    try (Launcher launcher = Launcher.chosen(arguments.text("node"))) {
      launcher.up();
      System.out.println("up; waiting while it is idle");
      TimeUnit.SECONDS.sleep(arguments.number("idle-seconds", (int) IDLE_SECONDS));
      for (int i = 0; i < READINGS; i++) {
        double plane = resident(launcher.process("control-plane"));
        double agent = resident(launcher.process("agent"));
        note(readings, "control plane", plane);
        note(readings, "agent", agent);
        note(readings, "Cassandra", resident(launcher.cassandra()));
        both.add(plane + agent);
        TimeUnit.SECONDS.sleep(READING_SECONDS);
      }
    }
    readings.forEach(
        (name, values) -> System.out.printf("%s: %s MB resident%n", name, Spread.of(values)));
    return new Result(Spread.of(both).median(), "MB");
  }

  private static void note(Map<String, List<Double>> readings, String name, double value) {
    readings.computeIfAbsent(name, unknown -> new ArrayList<>()).add(value);
  }

  private static double resident(ProcessHandle process) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / KIB_A_MB)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("process " + process.pid() + " has ended"));
  }
}
