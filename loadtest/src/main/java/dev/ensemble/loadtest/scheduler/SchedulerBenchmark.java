package dev.ensemble.loadtest.scheduler;

import dev.ensemble.loadtest.api.ApiTarget;
import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.simulated.Nodes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Pods a second from create to bound and to Ready, through the API, by the scheduler that runs
 * there, on simulated nodes whose pods start at once or on nodes that are objects only.
 */
public final class SchedulerBenchmark implements Benchmark {
  @Override
  public String name() {
    return "scheduler";
  }

  @Override
  public String description() {
    return "pods a second from create to bound and Ready, on 100, 1,000 and 5,000 simulated nodes";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Set<String> known = new HashSet<>(ApiTarget.ARGUMENTS);
    known.addAll(Nodes.ARGUMENTS);
    known.addAll(Set.of("nodes", "pods", "turns"));
    Arguments arguments = Arguments.parse(words, known);
    List<Integer> levels =
        Arrays.stream(arguments.text("nodes").orElse("100,1000,5000").split(",", -1))
            .map(Integer::valueOf)
            .sorted()
            .toList();
    try (ApiTarget target = ApiTarget.open(arguments, Nodes.flags(arguments));
        ApiClient client = new ApiClient(target.address());
        Nodes nodes = Nodes.of(arguments, target.address(), client)) {
      try {
        PodTurns turns = new PodTurns(client, target, arguments.number("pods", 3_000));
        turns.begin();
        double last = 0;
        for (int count : levels) {
          nodes.grow(count);
          last = turns.measure(nodes, arguments.number("turns", 5));
        }
        turns.end();
        nodes.remove();
        return new Result(last, "pods/s");
      } catch (Exception e) {
        System.err.println(target.lastOutput());
        throw e;
      }
    }
  }
}
