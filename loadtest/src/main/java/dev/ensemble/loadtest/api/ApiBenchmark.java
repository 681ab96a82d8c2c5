package dev.ensemble.loadtest.api;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The API over TLS with a client certificate and HTTP/2: creates and gets of ConfigMaps of 1 KB,
 * each client on a connection of its own; lists of pods of 4 KB; watchers. Headline: creates a
 * second with most clients.
 */
public final class ApiBenchmark implements Benchmark {
  private static final List<Integer> CLIENTS = List.of(1, 16, 64, 256);
  private static final int WARM_UP_SECONDS = 60;
  private static final int WARM_UP_LISTS = 20;
  private static final Set<String> PARTS = Set.of("requests", "list", "watch");

  @Override
  public String name() {
    return "api";
  }

  @Override
  public String description() {
    return "creates a second over TLS with 256 clients; gets, a list of 10,000 pods, 1,000"
        + " watchers";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Set<String> known = new TreeSet<>(ApiTarget.ARGUMENTS);
    known.addAll(
        Set.of(
            "turns",
            "turn-seconds",
            "warm-up-seconds",
            "warm-up-lists",
            "clients",
            "part",
            "pods",
            "watchers"));
    Arguments arguments = Arguments.parse(words, known);
    Optional<String> part = arguments.text("part");
    if (part.isPresent() && !PARTS.contains(part.get())) {
      throw new IllegalArgumentException("--part is one of " + new TreeSet<>(PARTS));
    }
    System.out.printf(
        "Java %s, %d processors, client on the same machine%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors());
    try (ApiTarget target = ApiTarget.open(arguments);
        ApiClient client = new ApiClient(target.address())) {
      try {
        return measure(arguments, part, target, client);
      } catch (Exception e) {
        System.err.println(target.lastOutput());
        throw e;
      }
    }
  }

  private static Result measure(
      Arguments arguments, Optional<String> part, ApiTarget target, ApiClient client)
      throws Exception {
    String namespace = "bench-" + Instant.now().getEpochSecond();
    ApiConnection connection = client.connect();
    Readiness.ask(connection, ApiRequest.namespace(namespace)).expect(201);
    int turns = arguments.number("turns", 5);
    Duration turn = Duration.ofSeconds(arguments.number("turn-seconds", 4));
    Optional<Result> result = Optional.empty();
    if (wanted(part, "requests")) {
      ConfigMapLoad load = new ConfigMapLoad(client, target.watched(), namespace, turn, turns);
      load.warmUp(Duration.ofSeconds(arguments.number("warm-up-seconds", WARM_UP_SECONDS)));
      List<Integer> levels =
          arguments.text("clients").isPresent() ? List.of(arguments.number("clients", 1)) : CLIENTS;
      result = Optional.of(requests(load, levels));
    }
    if (wanted(part, "list")) {
      int pods = arguments.number("pods", 10_000);
      PodLists lists = new PodLists(client, target.watched(), namespace);
      lists.create(pods);
      System.out.println("lists to warm up");
      lists.lists(pods, arguments.number("warm-up-lists", WARM_UP_LISTS));
      Spread seconds = lists.lists(pods, turns);
      result = Optional.of(result.orElse(new Result(seconds.median(), "s")));
    }
    if (wanted(part, "watch")) {
      Spread latency =
          new Watchers(client, target.watched(), namespace)
              .run(arguments.number("watchers", 1_000), turns, turn.multipliedBy(2));
      result = Optional.of(result.orElse(new Result(latency.median(), "ms")));
    }
    Readiness.ask(connection, ApiRequest.delete("/api/v1/namespaces/" + namespace));
    return result.orElseThrow();
  }

  private static boolean wanted(Optional<String> part, String name) {
    return part.isEmpty() || part.get().equals(name);
  }

  private static Result requests(ConfigMapLoad load, List<Integer> levels) throws Exception {
    List<Double> creates = new ArrayList<>();
    for (int clients : levels) {
      creates.add(load.creates(clients).median());
      load.gets(clients);
      load.forget();
    }
    return new Result(creates.get(creates.size() - 1), "creates/s");
  }
}
