package dev.ensemble.loadtest.launch;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Seconds from {@code ./ensemble up} on a built tree to {@code kubectl get nodes} saying Ready. The
 * first start, which makes certificates, schema and images, is printed and not counted.
 */
public final class StartupBenchmark implements Benchmark {
  @Override
  public String name() {
    return "startup";
  }

  @Override
  public String description() {
    return "seconds from ./ensemble up to kubectl get nodes saying Ready";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Arguments arguments = Arguments.parse(words, Set.of("turns", "node"));
    int turns = arguments.number("turns", 5);
    List<Double> seconds = new ArrayList<>();
    try (Launcher launcher = Launcher.chosen(arguments.text("node"))) {
      System.out.printf(Locale.ROOT, "first start, on no data: %.2f s%n", start(launcher));
      for (int turn = 0; turn < turns; turn++) {
        launcher.down();
        seconds.add(start(launcher));
        System.out.printf(Locale.ROOT, "start: %.2f s%n", seconds.get(turn));
      }
    }
    System.out.printf("start: %s s, of %d%n", Spread.of(seconds), turns);
    return new Result(Spread.of(seconds).median(), "s");
  }

  private static double start(Launcher launcher) throws Exception {
    long began = System.nanoTime();
    launcher.up();
    String nodes = launcher.kubectl("get", "nodes", "--no-headers");
    double seconds = (System.nanoTime() - began) / 1e9;
    if (!nodes.matches("(?s)\\S+\\s+Ready\\s.*")) {
      throw new IllegalStateException("up has ended, and the node is not Ready: " + nodes);
    }
    return seconds;
  }
}
