package dev.ensemble.loadtest;

import dev.ensemble.loadtest.api.ApiBenchmark;
import dev.ensemble.loadtest.api.ProfileBenchmark;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.journal.JournalBenchmark;
import dev.ensemble.loadtest.launch.MemoryBenchmark;
import dev.ensemble.loadtest.launch.StartupBenchmark;
import dev.ensemble.loadtest.restart.RestartBenchmark;
import dev.ensemble.loadtest.webapp.WebAppBenchmark;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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
          new WebAppBenchmark());

  private static final int CLOSE_SECONDS_MAX = 120;

  private BenchMain() {}

  public static void main(String[] args) throws Exception {
    Optional<Benchmark> benchmark =
        args.length == 0
            ? Optional.empty()
            : BENCHMARKS.stream().filter(known -> known.name().equals(args[0])).findFirst();
    if (benchmark.isEmpty()) {
      System.err.println("Benchmarks:");
      BENCHMARKS.forEach(
          known -> System.err.printf("  %-10s %s%n", known.name(), known.description()));
      System.exit(args.length == 0 ? 0 : 2);
    }
    Benchmark.Result result;
    CountDownLatch closed = new CountDownLatch(1);
    closeOnSignal(Thread.currentThread(), closed);
    try {
      result = benchmark.get().run(Arrays.asList(args).subList(1, args.length));
    } finally {
      closed.countDown();
    }
    System.out.printf(
        Locale.ROOT, "%s %.4g %s%n", benchmark.get().name(), result.value(), result.unit());
    System.exit(0);
  }

  /** A benchmark that a signal ends closes what it started, as one that fails does. */
  private static void closeOnSignal(Thread benchmark, CountDownLatch closed) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (closed.getCount() > 0) {
                    benchmark.interrupt();
                    await(closed);
                  }
                },
                "close-on-signal"));
  }

  private static void await(CountDownLatch closed) {
    try {
      if (!closed.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
        System.err.println("not all that was started has ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
