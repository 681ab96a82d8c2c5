package dev.ensemble.loadtest.scheduler;

import dev.ensemble.loadtest.api.ApiTarget;
import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.NumberedRequests;
import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;

/**
 * Pods a second from create to bound, through the API, by the scheduler that runs there: on nodes
 * that are objects only. Nothing is started on them.
 */
public final class SchedulerBenchmark implements Benchmark {
  private static final int CLIENTS = 64;
  private static final Duration NO_END = Duration.ofMinutes(20);

  /** The nodes have no agent that gives a sign of life. */
  private static final List<String> FLAGS = List.of("-Densemble.controllers.node-grace=24h");

  @Override
  public String name() {
    return "scheduler";
  }

  @Override
  public String description() {
    return "pods a second from create to bound, through the API, on 100, 1,000 and 5,000 nodes";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Set<String> known = new HashSet<>(ApiTarget.ARGUMENTS);
    known.addAll(Set.of("nodes", "pods", "turns"));
    Arguments arguments = Arguments.parse(words, known);
    List<Integer> levels =
        Arrays.stream(arguments.text("nodes").orElse("100,1000,5000").split(",", -1))
            .map(Integer::valueOf)
            .sorted()
            .toList();
    try (ApiTarget target = ApiTarget.open(arguments, FLAGS);
        ApiClient client = new ApiClient(target.address())) {
      try {
        Cluster cluster = new Cluster(client, target.watched(), arguments.number("pods", 3_000));
        cluster.begin();
        double last = 0;
        for (int nodes : levels) {
          last = cluster.measure(nodes, arguments.number("turns", 5));
        }
        cluster.end();
        return new Result(last, "pods/s");
      } catch (Exception e) {
        System.err.println(target.lastOutput());
        throw e;
      }
    }
  }

  /** The objects of a run. */
  private static final class Cluster {
    private final ApiClient client;
    private final Watched watched;
    private final int count;
    private final String namespace = "bench-" + Instant.now().getEpochSecond();
    private final String pods = "/api/v1/namespaces/" + namespace + "/pods";
    private final ApiConnection connection;
    private int nodes;
    private int made;

    Cluster(ApiClient client, Watched watched, int count) throws Exception {
      this.client = client;
      this.watched = watched;
      this.count = count;
      this.connection = client.connect();
    }

    void begin() throws Exception {
      Readiness.ask(connection, ApiRequest.namespace(namespace)).expect(201);
      Readiness.repeat(
          () -> {},
          () ->
              Readiness.ask(
                      connection,
                      ApiRequest.get(
                          "/api/v1/namespaces/" + namespace + "/serviceaccounts/default"))
                  .expect(200));
    }

    double measure(int wanted, int turns) throws Exception {
      addNodes(wanted);
      BoundWatch watch = BoundWatch.begin(client.connect(), pods);
      int before = made;
      turn(watch, before);
      List<Double> rates = new ArrayList<>();
      Histogram latency = new Histogram(Duration.ofMinutes(10).toNanos(), 3);
      for (int i = 0; i < turns; i++) {
        latency.reset();
        Watched.Reading start = watched.read();
        rates.add(turn(watch, before, latency));
        System.out.printf(
            Locale.ROOT,
            "%,6d nodes: %6.0f pods/s  create to bound p50 %.1f ms  p99 %.1f ms  %s%n",
            nodes,
            rates.get(i),
            latency.getValueAtPercentile(50) / 1e6,
            latency.getValueAtPercentile(99) / 1e6,
            watched.read().since(start).millisEach(count));
      }
      Spread spread = Spread.of(rates);
      System.out.printf("%d nodes: %s pods/s, of %d turns%n", nodes, spread, turns);
      return spread.median();
    }

    private void addNodes(int wanted) throws Exception {
      new NumberedRequests(client, CLIENTS, NO_END)
          .send(
              nodes,
              wanted,
              (c, number) ->
                  c.call(ApiRequest.post("/api/v1/nodes", Scenario.apiNode(number)))
                      .thenAccept(answer -> answer.expect(201)));
      nodes = wanted;
    }

    /** To warm up. */
    private void turn(BoundWatch watch, int before) throws Exception {
      turn(watch, before, new Histogram(3));
    }

    /** Creates pods until all have a node, then removes them; pods a second. */
    private double turn(BoundWatch watch, int before, Histogram latency) throws Exception {
      int from = made;
      ConcurrentHashMap<Integer, Long> asked = new ConcurrentHashMap<>();
      long began = System.nanoTime();
      new NumberedRequests(client, CLIENTS, NO_END)
          .send(
              from,
              from + count,
              (c, number) -> {
                asked.put(number, System.nanoTime());
                return c.call(ApiRequest.post(pods, Scenario.apiPod(number)))
                    .thenAccept(answer -> answer.expect(201));
              });
      made = from + count;
      watch.awaitBound(made - before);
      long last = began;
      for (int number = from; number < made; number++) {
        long at = watch.boundAt("pod-" + number);
        last = Math.max(last, at);
        latency.recordValue(Math.max(0, at - asked.get(number)));
      }
      new NumberedRequests(client, CLIENTS, NO_END)
          .send(
              from,
              made,
              (c, number) ->
                  c.call(ApiRequest.delete(pods + "/pod-" + number + "?gracePeriodSeconds=0"))
                      .thenAccept(answer -> answer.expect(200)));
      watch.awaitGone(made - before);
      return count / ((last - began) / 1e9);
    }

    void end() throws Exception {
      Readiness.ask(connection, ApiRequest.delete("/api/v1/namespaces/" + namespace));
      new NumberedRequests(client, CLIENTS, NO_END)
          .send(
              0,
              nodes,
              (c, number) ->
                  c.call(ApiRequest.delete("/api/v1/nodes/node-" + number))
                      .thenAccept(answer -> answer.expect(200)));
    }
  }
}
