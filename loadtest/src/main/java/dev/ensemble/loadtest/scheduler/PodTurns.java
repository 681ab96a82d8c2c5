package dev.ensemble.loadtest.scheduler;

import dev.ensemble.loadtest.api.ApiTarget;
import dev.ensemble.loadtest.bench.ClosedLoop;
import dev.ensemble.loadtest.bench.NumberedRequests;
import dev.ensemble.loadtest.bench.OpenLoop;
import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import dev.ensemble.loadtest.journal.DriverRows;
import dev.ensemble.loadtest.pods.PodWatch;
import dev.ensemble.loadtest.pods.PodWatch.Step;
import dev.ensemble.loadtest.simulated.Nodes;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;
import org.HdrHistogram.Histogram;

/** Pods in a namespace of their own, created, awaited and deleted by turns. */
final class PodTurns {
  private static final int CLIENTS = 64;
  private static final int ROW_WRITERS = 256;
  private static final int ROW_TURNS = 3;
  private static final Duration ROW_TURN = Duration.ofSeconds(4);
  private static final Duration NO_END = Duration.ofMinutes(20);
  private static final long WAIT_SECONDS_MAX = 600;
  private static final int HALF_LOAD_SECONDS = 10;

  /** Nobody would end a pod on a node that is an object only. */
  private static final String AT_ONCE = "?gracePeriodSeconds=0";

  private final ApiClient client;
  private final ApiTarget target;
  private final int count;
  private final String namespace = "bench-" + Instant.now().getEpochSecond();
  private final String pods = "/api/v1/namespaces/" + namespace + "/pods";
  private final ApiConnection connection;
  private int made;

  /** What a turn showed. Rates by the second. */
  private record Turn(long began, int pods, Reached bound, Reached ready) {
    double perSecond(Reached step) {
      return pods / ((step.last() - began) / 1e9);
    }
  }

  PodTurns(ApiClient client, ApiTarget target, int count) throws Exception {
    this.client = client;
    this.target = target;
    this.count = count;
    this.connection = client.connect();
  }

  void begin() throws Exception {
    Readiness.namespaceForPods(connection, namespace);
  }

  void end() throws Exception {
    Readiness.ask(connection, ApiRequest.delete("/api/v1/namespaces/" + namespace));
  }

  /** One turn to warm up, then the counted ones; the median rate of pods bound. */
  double measure(Nodes nodes, int turns) throws Exception {
    List<Double> bound = new ArrayList<>();
    List<Double> ready = new ArrayList<>();
    try (PodWatch watch = PodWatch.begin(client.connect(), pods, WAIT_SECONDS_MAX)) {
      int before = made;
      turn(watch, before, nodes.run());
      for (int i = 0; i < turns; i++) {
        Watched.Reading start = target.watched().read();
        Turn turn = turn(watch, before, nodes.run());
        bound.add(turn.perSecond(turn.bound()));
        if (nodes.run()) {
          ready.add(turn.perSecond(turn.ready()));
        }
        System.out.printf(
            Locale.ROOT,
            "%,6d nodes: %6.0f pods/s bound %s%s  %s%n",
            nodes.count(),
            bound.get(i),
            latency(turn.bound().latency()),
            nodes.run()
                ? String.format(
                    Locale.ROOT,
                    "  %6.0f/s Ready %s",
                    ready.get(i),
                    latency(turn.ready().latency()))
                : "",
            target.watched().read().since(start).millisEach(count));
      }
    }
    Spread spread = Spread.of(bound);
    System.out.printf(
        "%d nodes: %s pods/s bound, %s Ready, of %d turns; troubles of nodes: %d%n",
        nodes.count(),
        spread,
        nodes.run() ? Spread.of(ready).toString() : "none",
        turns,
        nodes.troubles());
    halfLoad(nodes, spread.median() / 2);
    // Last: Cassandra has to put in order what was inserted, for a while.
    compareWithRows(spread.median());
    return spread.median();
  }

  private static String latency(Histogram histogram) {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms p99 %.1f ms",
        histogram.getValueAtPercentile(50) / 1e6,
        histogram.getValueAtPercentile(99) / 1e6);
  }

  /** Rows that the driver alone inserts into the same Cassandra, if it is ours. */
  private void compareWithRows(double podsPerSecond) throws Exception {
    Optional<CassandraConnection> cassandra = target.cassandra();
    if (cassandra.isEmpty()) {
      return;
    }
    List<Double> rates = new ArrayList<>();
    try (DriverRows rows = new DriverRows(cassandra.get())) {
      for (int i = 0; i < ROW_TURNS; i++) {
        rates.add(
            new ClosedLoop(ROW_WRITERS, caller -> Optional.of(rows.insert(caller)))
                .run(ROW_TURN)
                .perSecond());
      }
    }
    Spread spread = Spread.of(rates);
    System.out.printf(
        Locale.ROOT,
        "        driver alone: %s rows/s, of %d turns with %d writers; pods bound a row: %.3f%n",
        spread,
        ROW_TURNS,
        ROW_WRITERS,
        podsPerSecond / spread.median());
  }

  /** Pods on schedule, at a rate that leaves room. */
  private void halfLoad(Nodes nodes, double perSecond) throws Exception {
    int from = made;
    int number = (int) (perSecond * HALF_LOAD_SECONDS);
    List<ApiConnection> connections = client.connect(CLIENTS);
    try (PodWatch watch = PodWatch.begin(client.connect(), pods, WAIT_SECONDS_MAX)) {
      OpenLoop load = new OpenLoop(perSecond, number);
      load.run(
          i ->
              connections
                  .get(i % CLIENTS)
                  .call(ApiRequest.post(pods, Scenario.apiPod(from + i)))
                  .thenAccept(answer -> answer.expect(201)));
      made = from + number;
      watch.await(Step.BOUND, number);
      if (nodes.run()) {
        watch.await(Step.READY, number);
      }
      IntToLongFunction due = each -> load.due(each - from);
      Reached bound = reached(watch, Step.BOUND, from, made, due);
      System.out.printf(
          Locale.ROOT,
          "        half load, %.0f pods/s on schedule: bound %s%s%n",
          perSecond,
          latency(bound.latency()),
          nodes.run()
              ? ", Ready " + latency(reached(watch, Step.READY, from, made, due).latency())
              : "");
      delete(watch, from, number, nodes.run());
    }
    connections.forEach(ApiConnection::close);
  }

  /** When the last of some pods had reached a step, and how long each took. */
  private record Reached(long last, Histogram latency) {
    static Reached none() {
      return new Reached(0, new Histogram(3));
    }
  }

  /**
   * Of pods that have all reached the step; {@code since} by number and {@link System#nanoTime}.
   */
  private static Reached reached(
      PodWatch watch, Step step, int from, int to, IntToLongFunction since) {
    Histogram latency = new Histogram(Duration.ofMinutes(10).toNanos(), 3);
    long last = 0;
    for (int number = from; number < to; number++) {
      long at = watch.at(step, "pod-" + number);
      last = Math.max(last, at);
      latency.recordValue(Math.max(0, at - since.applyAsLong(number)));
    }
    return new Reached(last, latency);
  }

  /** Creates pods until all have a node and, if they run, are Ready; then removes them. */
  private Turn turn(PodWatch watch, int before, boolean run) throws Exception {
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
    watch.await(Step.BOUND, made - before);
    Reached bound = reached(watch, Step.BOUND, from, made, asked::get);
    Reached ready = Reached.none();
    if (run) {
      watch.await(Step.READY, made - before);
      ready = reached(watch, Step.READY, from, made, asked::get);
    }
    delete(watch, from, made - before, run);
    return new Turn(began, count, bound, ready);
  }

  private void delete(PodWatch watch, int from, int goneInAll, boolean run) throws Exception {
    String how = run ? "" : AT_ONCE;
    new NumberedRequests(client, CLIENTS, NO_END)
        .send(
            from,
            made,
            (c, number) ->
                c.call(ApiRequest.delete(pods + "/pod-" + number + how))
                    .thenAccept(answer -> answer.expect(200)));
    watch.await(Step.GONE, goneInAll);
  }
}
