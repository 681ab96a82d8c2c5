package dev.ensemble.loadtest.api;

import dev.ensemble.loadtest.bench.ClosedLoop;
import dev.ensemble.loadtest.bench.NumberedRequests;
import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** Creates, gets and deletes of ConfigMaps by clients that each wait for their answer. */
public final class ConfigMapLoad {
  private static final int OBJECT_BYTES = 1_024;
  private static final int WARM_UP_CLIENTS = 64;
  private static final int DELETE_CLIENTS = 64;
  private static final Duration NO_END = Duration.ofMinutes(10);

  private final ApiClient client;
  private final Watched watched;
  private final String collection;
  private final Duration turn;
  private final int turns;
  private final String filling = Texts.random(OBJECT_BYTES - 200);
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private int forgotten;

  public ConfigMapLoad(
      ApiClient client, Watched watched, String namespace, Duration turn, int turns) {
    this.client = client;
    this.watched = watched;
    this.collection = "/api/v1/namespaces/" + namespace + "/configmaps";
    this.turn = turn;
    this.turns = turns;
  }

  /** Brings the compilers of both sides to rest: creates for so long, then gets for half of it. */
  public void warmUp(Duration time) throws Exception {
    System.out.printf("warming up for %d s%n", time.plus(time.dividedBy(2)).toSeconds());
    List<ApiConnection> connections = client.connect(WARM_UP_CLIENTS);
    new ClosedLoop(WARM_UP_CLIENTS, caller -> Optional.of(create(connections.get(caller), caller)))
        .run(time);
    new ClosedLoop(WARM_UP_CLIENTS, caller -> Optional.of(get(connections.get(caller), caller)))
        .run(time.dividedBy(2));
    connections.forEach(ApiConnection::close);
    forget();
  }

  /** Creates and gets begun so far. */
  long requests() {
    return (long) made.get() + asked.get();
  }

  /** Creates a second. */
  Spread creates(int clients) throws Exception {
    return measure("create", clients, this::create);
  }

  /** Gets a second, of what was created. */
  Spread gets(int clients) throws Exception {
    return measure("get", clients, this::get);
  }

  /** Deletes all that was created since the last time, so that no level pays for the one before. */
  void forget() throws Exception {
    int from = forgotten;
    int to = made.get();
    ClosedLoop.Outcome outcome =
        new NumberedRequests(client, DELETE_CLIENTS, NO_END).send(from, to, this::delete);
    forgotten = to;
    System.out.printf(
        Locale.ROOT,
        "delete %4d clients: %7.0f/s  (%d objects, to make room)%n",
        DELETE_CLIENTS,
        outcome.perSecond(),
        to - from);
  }

  private Spread measure(
      String what, int clients, BiFunction<ApiConnection, Integer, CompletionStage<?>> request)
      throws IOException, InterruptedException {
    List<ApiConnection> connections = client.connect(clients);
    List<Double> rates = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    List<Double> tails = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      Watched.Reading before = watched.read();
      ClosedLoop.Outcome outcome =
          new ClosedLoop(
                  clients, caller -> Optional.of(request.apply(connections.get(caller), caller)))
              .run(turn);
      Watched.Reading spent = watched.read().since(before);
      rates.add(outcome.perSecond());
      medians.add(outcome.latency().getValueAtPercentile(50) / 1e6);
      tails.add(outcome.latency().getValueAtPercentile(99) / 1e6);
      System.out.printf(
          Locale.ROOT,
          "%-6s %4d clients: %7.0f/s  p50 %7.2f ms  p99 %7.2f ms  %s%n",
          what,
          clients,
          outcome.perSecond(),
          medians.get(i),
          tails.get(i),
          spent.millisEach(outcome.latency().getTotalCount()));
    }
    connections.forEach(ApiConnection::close);
    System.out.printf(
        "%s with %d clients: %s/s, p50 %s ms, p99 %s ms, of %d turns%n",
        what, clients, Spread.of(rates), Spread.of(medians), Spread.of(tails), turns);
    return Spread.of(rates);
  }

  private CompletionStage<?> create(ApiConnection connection, int caller) {
    String object =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"caller\":\"%d\",\"text\":\"%s\"}}"
            .formatted(name(made.getAndIncrement()), caller, filling);
    return connection
        .call(ApiRequest.post(collection, object))
        .thenAccept(answer -> answer.expect(201));
  }

  private CompletionStage<?> get(ApiConnection connection, int caller) {
    int count = made.get() - forgotten;
    int number = forgotten + asked.getAndIncrement() % Math.min(count, 1_000);
    return connection
        .call(ApiRequest.get(collection + "/" + name(number)))
        .thenAccept(answer -> answer.expect(200));
  }

  private CompletionStage<?> delete(ApiConnection connection, int number) {
    return connection
        .call(ApiRequest.delete(collection + "/" + name(number)))
        .thenAccept(answer -> answer.expect(200));
  }

  private static String name(int number) {
    return "load-" + number;
  }
}
