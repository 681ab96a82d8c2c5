package dev.ensemble.loadtest.restart;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.EnsembleProcess;
import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Kills the control plane with many objects stored and starts it again: seconds from the start of
 * the process to the first list (500 objects, as kubectl asks for) and the first write answered.
 * Its Cassandra goes on. Headline: the later of the two, with most objects.
 */
public final class RestartBenchmark implements Benchmark {
  private static final int OBJECTS = 100_000;
  private static final int STEPS = 4;
  private static final String LIST = StoredObjects.COLLECTION + "?limit=500";

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String description() {
    return "seconds from a start after kill -9 to the first list and write, 100,000 objects stored";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Arguments arguments = Arguments.parse(words, Set.of("objects", "heap", "turns"));
    int objects = arguments.number("objects", OBJECTS);
    int heap = arguments.number("heap", EnsembleProcess.usualHeapMebibytes());
    int turns = arguments.number("turns", 5);
    System.out.printf("Java %s, heap %d MiB%n", Runtime.version(), heap);
    StoredObjects stored = new StoredObjects();
    double headline = 0;
    try (EnsembleProcess process = EnsembleProcess.prepare(heap)) {
      process.start();
      process.awaitReady();
      // One stop in order leaves the JVM's archive of classes, as any machine has it after its
      // first day.
      process.stop();
      process.start();
      process.awaitReady();
      // A quarter, a half, all: to show how the time grows.
      for (int count : new int[] {objects / STEPS, objects / 2, objects}) {
        try (ApiClient client = new ApiClient(process.address())) {
          stored.growTo(count, client);
        }
        headline = series(process, count, turns);
      }
    }
    return new Result(headline, "s");
  }

  private static double series(EnsembleProcess process, int count, int turns) throws Exception {
    List<Double> lists = new ArrayList<>();
    List<Double> writes = new ArrayList<>();
    List<Double> later = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      process.kill();
      long began = System.nanoTime();
      process.start();
      CompletableFuture<Double> list = first(process, began, ApiRequest.get(LIST), 200);
      CompletableFuture<Double> write =
          first(
              process,
              began,
              ApiRequest.post(
                  StoredObjects.COLLECTION,
                  StoredObjects.object("after-" + count + "-" + turn, turn)),
              201);
      lists.add(list.get());
      writes.add(write.get());
      later.add(Math.max(list.get(), write.get()));
      System.out.printf(
          Locale.ROOT,
          "%d objects: first list after %.2f s, first write after %.2f s%n",
          count,
          list.get(),
          write.get());
      // The next kill must not meet a start that is still going on.
      process.awaitReady();
    }
    System.out.printf(
        "%d objects: list %s s, write %s s, of %d restarts%n",
        count, Spread.of(lists), Spread.of(writes), turns);
    return Spread.of(later).median();
  }

  /** Seconds since {@code began} when the request is answered as wanted for the first time. */
  private static CompletableFuture<Double> first(
      EnsembleProcess process, long began, ApiRequest request, int wanted) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (ApiClient client = new ApiClient(process.address())) {
            Readiness.repeat(
                process::mustRun,
                () -> {
                  try (ApiConnection connection = client.connect()) {
                    Readiness.ask(connection, request).expect(wanted);
                  }
                });
            return (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
  }
}
