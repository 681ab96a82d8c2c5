package dev.ensemble.loadtest.journal;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.BenchCassandra;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.ClosedLoop;
import dev.ensemble.loadtest.bench.CpuClock;
import dev.ensemble.loadtest.bench.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Changes a second through entities, divided by the rows a second that the driver alone inserts:
 * the same bytes, the same sync mode, as many writers, in turns in one run. Headline: the ratio at
 * 256 writers.
 */
public final class JournalBenchmark implements Benchmark {
  private static final List<Integer> WRITERS = List.of(1, 16, 256, 1_000);
  private static final int HEADLINE_WRITERS = 256;
  private static final int TURNS = 5;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration TURN = Duration.ofSeconds(6);

  @Override
  public String name() {
    return "journal";
  }

  @Override
  public String description() {
    return "changes a second through entities, divided by the driver's own rows a second (256"
        + " writers)";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Arguments arguments = Arguments.parse(words, Set.of("writers"));
    List<Integer> levels =
        arguments.text("writers").map(Integer::valueOf).map(List::of).orElse(WRITERS);
    System.out.printf(
        "Java %s, %d processors%n", Runtime.version(), Runtime.getRuntime().availableProcessors());
    double headline = 0;
    try (BenchCassandra cassandra = BenchCassandra.start();
        DriverRows rows = new DriverRows(cassandra.connect());
        EntityChanges changes = new EntityChanges(cassandra)) {
      new ClosedLoop(HEADLINE_WRITERS, caller -> Optional.of(rows.insert(caller))).run(WARM_UP);
      new ClosedLoop(HEADLINE_WRITERS, caller -> Optional.of(changes.change(caller))).run(WARM_UP);
      for (int writers : levels) {
        double ratio = compare(writers, cassandra, rows, changes);
        if (writers == HEADLINE_WRITERS || levels.size() == 1) {
          headline = ratio;
        }
      }
    }
    return new Result(headline, "changes/row");
  }

  private static double compare(
      int writers, BenchCassandra cassandra, DriverRows rows, EntityChanges changes)
      throws InterruptedException, IOException {
    List<Double> ratios = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    for (int turn = 0; turn < TURNS; turn++) {
      Turn driver =
          measure(cassandra, new ClosedLoop(writers, caller -> Optional.of(rows.insert(caller))));
      Turn entities =
          measure(
              cassandra, new ClosedLoop(writers, caller -> Optional.of(changes.change(caller))));
      ratios.add(entities.outcome().perSecond() / driver.outcome().perSecond());
      medians.add(
          (double) entities.outcome().latency().getValueAtPercentile(50)
              / driver.outcome().latency().getValueAtPercentile(50));
      print("driver  ", writers, driver);
      print("entities", writers, entities);
      System.out.printf(
          Locale.ROOT, "          %.1f events a batch%n", changes.eventsInABatchSinceLast());
    }
    System.out.printf(
        "%d writers: ratio %s, p50 ratio %s, of %d turns%n",
        writers, Spread.of(ratios), Spread.of(medians), TURNS);
    return Spread.of(ratios).median();
  }

  private record Turn(ClosedLoop.Outcome outcome, double cpuMillis, double cassandraMillis) {}

  private static Turn measure(BenchCassandra cassandra, ClosedLoop load)
      throws InterruptedException {
    CpuClock own = CpuClock.ofThisProcess();
    CpuClock theirs = cassandra.cpu();
    Duration ownBefore = own.used();
    Duration theirsBefore = theirs.used();
    ClosedLoop.Outcome outcome = load.run(TURN);
    double count = outcome.latency().getTotalCount();
    return new Turn(
        outcome,
        own.used().minus(ownBefore).toMillis() / count,
        theirs.used().minus(theirsBefore).toMillis() / count);
  }

  private static void print(String what, int writers, Turn turn) {
    System.out.printf(
        Locale.ROOT,
        "%s %4d writers: %7.0f/s  p50 %6.2f ms  p99 %6.2f ms  CPU %.3f ms own, %.3f ms Cassandra%n",
        what,
        writers,
        turn.outcome().perSecond(),
        turn.outcome().latency().getValueAtPercentile(50) / 1e6,
        turn.outcome().latency().getValueAtPercentile(99) / 1e6,
        turn.cpuMillis(),
        turn.cassandraMillis());
  }
}
