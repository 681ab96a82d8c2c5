package dev.ensemble.loadtest.footprint;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.EnsembleProcess;
import dev.ensemble.loadtest.bench.NumberedRequests;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import dev.ensemble.loadtest.pods.PodWatch;
import dev.ensemble.loadtest.pods.PodWatch.Step;
import dev.ensemble.loadtest.scheduler.Scenario;
import dev.ensemble.loadtest.simulated.Nodes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What nodes and pods cost a control plane of our own: live heap, bytes in Cassandra, CPU to come
 * and CPU at rest. Headline: live heap of a node.
 */
public final class FootprintBenchmark implements Benchmark {
  private static final int CLIENTS = 64;
  private static final Duration NO_END = Duration.ofMinutes(20);
  private static final long WAIT_SECONDS_MAX = 900;
  private static final int SETTLE_SECONDS = 40;
  private static final String NAMESPACE = "footprint";
  private static final String PODS = "/api/v1/namespaces/" + NAMESPACE + "/pods";

  @Override
  public String name() {
    return "footprint";
  }

  @Override
  public String description() {
    return "memory, disk and CPU that a node and a pod cost, on simulated nodes";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Set<String> known = new HashSet<>(Nodes.ARGUMENTS);
    known.addAll(Set.of("nodes", "pods", "rest-seconds", "heap"));
    Arguments arguments = Arguments.parse(words, known);
    int heap = arguments.number("heap", 2 * EnsembleProcess.usualHeapMebibytes());
    try (EnsembleProcess process = EnsembleProcess.prepare(heap, Nodes.flags(arguments))) {
      process.start();
      process.awaitReady();
      try (ApiClient client = new ApiClient(process.address());
          Nodes nodes = Nodes.of(arguments, process.address(), client)) {
        return new Run(process, client, nodes, arguments.number("rest-seconds", 60))
            .measure(arguments.number("nodes", 1_000), arguments.number("pods", 10_000));
      } catch (Exception e) {
        System.err.println(process.lastOutput());
        throw e;
      }
    }
  }

  /** State of one run. */
  private static final class Run {
    private final EnsembleProcess process;
    private final ApiClient client;
    private final Nodes nodes;
    private final int restSeconds;
    private final Watched watched;
    private Reading last;

    private record Reading(long heap, long stored, List<String> largest) {}

    Run(EnsembleProcess process, ApiClient client, Nodes nodes, int restSeconds) throws Exception {
      this.process = process;
      this.client = client;
      this.nodes = nodes;
      this.restSeconds = restSeconds;
      this.watched = Watched.with(process.processes());
      this.last = read();
    }

    private Reading read() throws Exception {
      LiveHeap heap = LiveHeap.of(process.controlPlane());
      return new Reading(heap.bytes(), StoredBytes.of(process.cassandraSettings()), heap.largest());
    }

    Result measure(int nodeCount, int podCount) throws Exception {
      System.out.printf(Locale.ROOT, "empty: live heap %.1f MB%n", last.heap() / 1e6);
      rest(0, 0);
      Watched.Reading start = watched.read();
      long began = System.nanoTime();
      nodes.grow(nodeCount);
      double seconds = (System.nanoTime() - began) / 1e9;
      Watched.Reading came = watched.read().since(start);
      System.out.printf(
          Locale.ROOT,
          "%,d nodes came in %.1f s, each %s; troubles: %d%n",
          nodeCount,
          seconds,
          came.millisEach(nodeCount),
          nodes.troubles());
      rest(nodeCount, 0);
      double kilobytes = grown("node", nodeCount);
      Readiness.namespaceForPods(client.connect(), NAMESPACE);
      pods(podCount);
      rest(nodeCount, podCount);
      grown("pod", podCount);
      last.largest().forEach(System.out::println);
      return new Result(kilobytes, "KB");
    }

    /** Says what each has added since the last reading; live heap in kilobytes. */
    private double grown(String what, int count) throws Exception {
      Reading now = read();
      double heap = (now.heap() - last.heap()) / 1e3 / count;
      System.out.printf(
          Locale.ROOT,
          "a %s: live heap %.1f KB, in Cassandra %.2f KB%n",
          what,
          heap,
          (now.stored() - last.stored()) / 1e3 / count);
      last = now;
      return heap;
    }

    private void pods(int count) throws Exception {
      try (PodWatch watch = PodWatch.begin(client.connect(), PODS, WAIT_SECONDS_MAX)) {
        Watched.Reading start = watched.read();
        long began = System.nanoTime();
        new NumberedRequests(client, CLIENTS, NO_END)
            .send(
                0,
                count,
                (c, number) ->
                    c.call(ApiRequest.post(PODS, Scenario.apiPod(number)))
                        .thenAccept(answer -> answer.expect(201)));
        watch.await(Step.READY, count);
        double seconds = (watch.lastOf(Step.READY) - began) / 1e9;
        System.out.printf(
            Locale.ROOT,
            "%,d pods from create to Ready in %.1f s, each %s%n",
            count,
            seconds,
            watched.read().since(start).millisEach(count));
      }
    }

    private void rest(int nodeCount, int podCount) throws InterruptedException {
      // Until what came is at rest: Events are written, entities sleep.
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      Watched.Reading start = watched.read();
      TimeUnit.SECONDS.sleep(restSeconds);
      System.out.printf(
          Locale.ROOT,
          "at rest with %,d nodes and %,d pods, a second: %s%n",
          nodeCount,
          podCount,
          watched.read().since(start).millisEach(restSeconds));
    }
  }
}
