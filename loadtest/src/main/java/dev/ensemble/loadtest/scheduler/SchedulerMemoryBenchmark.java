package dev.ensemble.loadtest.scheduler;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Decisions a second of one thread, without a journal, by scenario and number of nodes (JMH). */
public final class SchedulerMemoryBenchmark implements Benchmark {
  private record Case(Scenario scenario, int nodes) {}

  private static final Case HEADLINE = new Case(Scenario.PLAIN, 5_000);
  private static final List<Case> CASES =
      List.of(
          new Case(Scenario.PLAIN, 1_000),
          HEADLINE,
          new Case(Scenario.PLAIN, 15_000),
          new Case(Scenario.SPREAD, 5_000),
          new Case(Scenario.AFFINITY, 1_000),
          new Case(Scenario.AFFINITY, 5_000),
          new Case(Scenario.ANTI_AFFINITY, 1_000),
          new Case(Scenario.ANTI_AFFINITY, 5_000),
          new Case(Scenario.HIGH, 2_000));

  @Override
  public String name() {
    return "scheduler-memory";
  }

  @Override
  public String description() {
    return "decisions a second of one thread, in memory";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Arguments arguments = Arguments.parse(words, Set.of("scenario", "turns", "turn-seconds"));
    List<Case> cases = new ArrayList<>(CASES);
    arguments
        .text("scenario")
        .ifPresent(wanted -> cases.removeIf(each -> !text(each.scenario()).equals(wanted)));
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("--scenario is one of " + texts());
    }
    double headline = 0;
    for (Case each : cases) {
      Spread spread = measure(each, arguments);
      System.out.printf(
          Locale.ROOT,
          "%-13s %,6d nodes: %s decisions/s%n",
          text(each.scenario()),
          each.nodes(),
          spread);
      if (each.equals(HEADLINE) || headline == 0) {
        headline = spread.median();
      }
    }
    return new Result(headline, "decisions/s");
  }

  private static String text(Scenario scenario) {
    return scenario == Scenario.HIGH
        ? "preemption"
        : scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<String> texts() {
    return CASES.stream().map(each -> text(each.scenario())).distinct().toList();
  }

  private static Spread measure(Case each, Arguments arguments) throws Exception {
    int seconds = arguments.number("turn-seconds", 2);
    boolean preempting = each.scenario() == Scenario.HIGH;
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include((preempting ? Preemptions.class : Decisions.class).getName() + ".decide")
            .param("nodes", Integer.toString(each.nodes()))
            .mode(Mode.Throughput)
            .timeUnit(TimeUnit.SECONDS)
            .forks(1)
            .warmupIterations(5)
            .warmupTime(TimeValue.seconds(seconds))
            .measurementIterations(arguments.number("turns", 5))
            .measurementTime(TimeValue.seconds(seconds))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    if (!preempting) {
      options.param("scenario", each.scenario().name());
    }
    List<Double> rates = new ArrayList<>();
    for (RunResult result : new Runner(options.build()).run()) {
      result
          .getBenchmarkResults()
          .forEach(
              fork -> {
                for (IterationResult turn : fork.getIterationResults()) {
                  rates.add(turn.getPrimaryResult().getScore());
                }
              });
    }
    return Spread.of(rates);
  }
}
