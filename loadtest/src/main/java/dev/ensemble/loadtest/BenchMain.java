package dev.ensemble.loadtest;

import dev.ensemble.loadtest.api.ApiBenchmark;
import dev.ensemble.loadtest.api.ProfileBenchmark;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.ClosedOnSignal;
import dev.ensemble.loadtest.footprint.FootprintBenchmark;
import dev.ensemble.loadtest.journal.JournalBenchmark;
import dev.ensemble.loadtest.launch.MemoryBenchmark;
import dev.ensemble.loadtest.launch.StartupBenchmark;
import dev.ensemble.loadtest.restart.RestartBenchmark;
import dev.ensemble.loadtest.scheduler.SchedulerBenchmark;
import dev.ensemble.loadtest.scheduler.SchedulerMemoryBenchmark;
import dev.ensemble.loadtest.scheduler.SchedulerQualityBenchmark;
import dev.ensemble.loadtest.webapp.WebAppBenchmark;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs a benchmark by name. The last line is {@code NAME VALUE UNIT}. */
public final class BenchMain {
  private static final List<Benchmark> BENCHMARKS =
      List.of(
          new JournalBenchmark(),
          new ApiBenchmark(),
          new ProfileBenchmark(),
          new RestartBenchmark(),
          new StartupBenchmark(),
          new MemoryBenchmark(),
          new WebAppBenchmark(),
          new SchedulerBenchmark(),
          new SchedulerMemoryBenchmark(),
          new SchedulerQualityBenchmark(),
          new FootprintBenchmark());

  private BenchMain() {}

  public static void main(String[] args) throws Exception {
    Optional<Benchmark> benchmark =
        args.length == 0
            ? Optional.empty()
            : BENCHMARKS.stream().filter(known -> known.name().equals(args[0])).findFirst();
    if (benchmark.isEmpty()) {
      System.err.println("Benchmarks:");
      BENCHMARKS.forEach(
          known -> System.err.printf("  %-18s %s%n", known.name(), known.description()));
      System.exit(args.length == 0 ? 0 : 2);
    }
    Benchmark.Result result =
        ClosedOnSignal.call(() -> benchmark.get().run(Arrays.asList(args).subList(1, args.length)));
    System.out.printf(
        Locale.ROOT, "%s %.4g %s%n", benchmark.get().name(), result.value(), result.unit());
    System.exit(0);
  }
}
