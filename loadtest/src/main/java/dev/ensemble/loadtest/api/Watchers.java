package dev.ensemble.loadtest.api;

import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many watchers of one namespace's ConfigMaps while a writer changes them at an even pace. Watches
 * share connections, as those of one client-go process do. Latency is from the moment a change is
 * sent to the moment a watcher has it, so the write is part of it.
 */
public final class Watchers implements AutoCloseable {
  private static final int WATCHES_A_CONNECTION = 100;
  private static final int CHANGES_A_SECOND = 20;
  private static final int OBJECTS = 20;
  private static final int OBJECT_BYTES = 1_024;
  private static final Duration DRAIN_MAX = Duration.ofSeconds(20);
  private static final long POLL_MILLIS = 5;
  private static final int REVISION_WITHIN_BYTES = 1_000;
  private static final Pattern REVISION = Pattern.compile("\"resourceVersion\":\"(\\d+)\"");

  private final ApiClient client;
  private final Watched watched;
  private final String collection;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final WatchTally tally = new WatchTally();
  private Optional<ApiConnection> writer = Optional.empty();
  private List<ApiConnection> connections = List.of();
  private int watchers;
  private int changes;

  public Watchers(ApiClient client, Watched watched, String namespace) {
    this.client = client;
    this.watched = watched;
    this.collection = "/api/v1/namespaces/" + namespace + "/configmaps";
  }

  /** Milliseconds from change to watcher, the 99th percentile. */
  public Spread run(int watchers, int turns, Duration turn) throws Exception {
    establish(watchers);
    turn(turn);
    List<Double> tails = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      tails.add(turn(turn).p99Millis());
    }
    close();
    Spread spread = Spread.of(tails);
    System.out.printf(
        "%d watchers: p99 %s ms, of %d turns after one to warm up%n", watchers, spread, turns);
    return spread;
  }

  /** Makes the objects and opens all watches. */
  void establish(int watchers) throws Exception {
    writer = Optional.of(client.connect());
    for (int i = 0; i < OBJECTS; i++) {
      Readiness.ask(writer.get(), ApiRequest.post(collection, object(i))).expect(201);
    }
    connections = open(watchers);
    System.out.printf(
        "%d watchers on %d connections, %d changes a second%n",
        watchers, connections.size(), CHANGES_A_SECOND);
    await(() -> tally.established() == watchers, "all watches are established");
    this.watchers = watchers;
  }

  @Override
  public void close() {
    connections.forEach(ApiConnection::close);
    writer.ifPresent(ApiConnection::close);
  }

  private List<ApiConnection> open(int watchers) throws Exception {
    List<ApiConnection> connections =
        client.connect((watchers + WATCHES_A_CONNECTION - 1) / WATCHES_A_CONNECTION);
    ApiRequest request =
        ApiRequest.get(
            collection + "?watch=true&resourceVersion=" + listRevision(connections.get(0)));
    for (int i = 0; i < watchers; i++) {
      connections.get(i / WATCHES_A_CONNECTION).send(request, new WatchListener(tally, this::fail));
    }
    return connections;
  }

  /** As client-go: a list says where the watch begins. */
  private String listRevision(ApiConnection connection) throws Exception {
    String list =
        connection
            .fetch(ApiRequest.get(collection + "?limit=1"), REVISION_WITHIN_BYTES)
            .toCompletableFuture()
            .get(DRAIN_MAX.toSeconds(), TimeUnit.SECONDS)
            .expect(200)
            .text();
    Matcher found = REVISION.matcher(list);
    if (!found.find()) {
      throw new IllegalStateException("a list without resourceVersion: " + list);
    }
    return found.group(1);
  }

  /** Changes objects for a time and waits until every watcher has every event. */
  WatchTally.Result turn(Duration turn) throws Exception {
    tally.clear();
    Watched.Reading before = watched.read();
    long began = System.nanoTime();
    long count = turn.toSeconds() * CHANGES_A_SECOND;
    List<CompletionStage<?>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long due = began + TimeUnit.SECONDS.toNanos(i) / CHANGES_A_SECOND;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      answers.add(writer.orElseThrow().call(change()).thenAccept(answer -> answer.expect(200)));
    }
    for (CompletionStage<?> answer : answers) {
      answer.toCompletableFuture().get(DRAIN_MAX.toSeconds(), TimeUnit.SECONDS);
    }
    await(() -> tally.events() >= count * watchers, "all events have arrived");
    double seconds = (System.nanoTime() - began) / 1e9;
    Watched.Reading spent = watched.read().since(before);
    WatchTally.Result result = tally.result();
    System.out.printf(
        Locale.ROOT,
        "watch: %.0f events/s  %.1f MB/s  p50 %.2f ms  p99 %.2f ms  max %.2f ms  %s an event%n",
        result.events() / seconds,
        result.bytes() / 1e6 / seconds,
        result.p50Millis(),
        result.p99Millis(),
        result.maxMillis(),
        spent.millisEach(result.events()));
    return result;
  }

  private ApiRequest change() {
    int number = changes++ % OBJECTS;
    return ApiRequest.mergePatch(
        collection + "/watched-" + number, "{\"data\":{\"sent\":\"" + System.nanoTime() + "\"}}");
  }

  private static String object(int number) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"watched-%d\"},\"data\":{\"sent\":\"0\",\"text\":\"%s\"}}"
        .formatted(number, Texts.random(OBJECT_BYTES - 200));
  }

  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  private void await(BooleanSupplier condition, String what) throws Exception {
    long end = System.nanoTime() + DRAIN_MAX.toNanos();
    while (!condition.getAsBoolean()) {
      Optional<Throwable> failed = Optional.ofNullable(failure.get());
      if (failed.isPresent()) {
        throw new IllegalStateException("a watch failed", failed.get());
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "waited %s in vain until %s: %d events".formatted(DRAIN_MAX, what, tally.events()));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }
}
