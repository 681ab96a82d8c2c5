package dev.ensemble.loadtest.scheduler;

import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.DefaultSpread;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Search;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.Spread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * How good the places are that are found by looking at fewer nodes: the same pods in the same
 * order, once looked for as kube-scheduler does and once as this scheduler does.
 */
public final class SchedulerQualityBenchmark implements Benchmark {
  private static final int APPS = 100;

  /** Of the nodes' CPU, when the nodes are compared. */
  private static final double HALF = 0.5;

  @Override
  public String name() {
    return "scheduler-quality";
  }

  @Override
  public String description() {
    return "places found by comparing fewer nodes, against kube-scheduler's search";
  }

  /**
   * What a trace led to.
   *
   * @param deviation of the nodes' shares of used CPU at half load, in percent points
   * @param hostSkew of an app's pods, the most on one host, mean of all apps
   * @param zoneSkew the same of zones: most less least
   * @param placed how many pods found a place until the first did not
   */
  private record Outcome(double deviation, double hostSkew, double zoneSkew, int placed) {}

  @Override
  public Result run(List<String> words) {
    Arguments arguments = Arguments.parse(words, Set.of("nodes", "turns"));
    int nodes = arguments.number("nodes", 5000);
    List<Double> ratios = new ArrayList<>();
    for (int seed = 1; seed <= arguments.number("turns", 5); seed++) {
      Outcome theirs = place(nodes, seed, Search.upstream());
      Outcome ours = place(nodes, seed, Search.standard());
      print("kube-scheduler's", theirs);
      print("ours", ours);
      ratios.add((double) ours.placed() / theirs.placed());
    }
    Spread ratio = Spread.of(ratios);
    System.out.println("pods placed until the first found no place, ours to theirs: " + ratio);
    return new Result(ratio.median(), "ratio");
  }

  private static void print(String whose, Outcome outcome) {
    System.out.printf(
        Locale.ROOT,
        "%-16s %,7d placed; at half load: CPU's deviation %.2f points, skew %.2f a host, %.2f a"
            + " zone%n",
        whose,
        outcome.placed(),
        outcome.deviation(),
        outcome.hostSkew(),
        outcome.zoneSkew());
  }

  private static Outcome place(int nodes, int seed, Search search) {
    Book book = Scenario.market(nodes);
    book.surroundings(
        namespace -> Map.of(),
        pod -> DefaultSpread.of(pod, List.of(pod.labels()), Optional.empty()));
    Placement placement = new Placement(DefaultProfile.create(search));
    Random random = new Random(seed);
    Map<String, Map<String, Integer>> hosts = new HashMap<>();
    Map<String, Map<String, Integer>> zones = new HashMap<>();
    long used = 0;
    int start = 0;
    Outcome half = null;
    for (int number = 0; ; number++) {
      PodRequest pod = Scenario.any(number, random, APPS);
      Placement.Result result = placement.candidates(pod, book, start, 1);
      if (result.candidates().isEmpty()) {
        return new Outcome(half.deviation(), half.hostSkew(), half.zoneSkew(), number);
      }
      start = (start + result.step()) % nodes;
      String node = result.candidates().get(0).node();
      book.assume(node, pod);
      used += pod.requests().milliCpu();
      String app = pod.labels().get("app");
      count(hosts, app, node);
      count(zones, app, book.offer(node).orElseThrow().labels().get(Scenario.ZONE));
      if (half == null && used > HALF * nodes * Scenario.NODE_MILLI_CPU) {
        half = new Outcome(deviation(book), most(hosts), skew(zones), 0);
      }
    }
  }

  private static void count(Map<String, Map<String, Integer>> counts, String app, String place) {
    counts.computeIfAbsent(app, a -> new HashMap<>()).merge(place, 1, Integer::sum);
  }

  private static double deviation(Book book) {
    double[] shares =
        book.offers().stream().mapToDouble(SchedulerQualityBenchmark::share).toArray();
    double mean = 0;
    for (double share : shares) {
      mean += share / shares.length;
    }
    double squares = 0;
    for (double share : shares) {
      squares += (share - mean) * (share - mean);
    }
    return Math.sqrt(squares / shares.length);
  }

  private static double share(Offer offer) {
    return 100.0 * offer.usage().requested().milliCpu() / offer.allocatable().milliCpu();
  }

  private static double most(Map<String, Map<String, Integer>> hosts) {
    return hosts.values().stream()
        .mapToInt(counts -> counts.values().stream().mapToInt(Integer::intValue).max().orElse(0))
        .average()
        .orElse(0);
  }

  private static double skew(Map<String, Map<String, Integer>> zones) {
    return zones.values().stream()
        .mapToInt(
            counts ->
                counts.values().stream().mapToInt(Integer::intValue).max().orElse(0)
                    - counts.values().stream().mapToInt(Integer::intValue).min().orElse(0))
        .average()
        .orElse(0);
  }
}
