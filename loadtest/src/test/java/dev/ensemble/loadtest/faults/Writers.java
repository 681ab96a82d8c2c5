package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Writers of ConfigMaps, each with objects of its own, that write down what was acknowledged and
 * what may have been. They go on through failures until they are stopped.
 */
final class Writers implements AutoCloseable {
  private static final String PATH = "/api/v1/namespaces/default/configmaps";
  private static final Duration PAUSE = Duration.ofMillis(5);

  /** Each object is changed so often before the next one is begun. */
  private static final int UPDATES = 4;

  /** The store's command-timeout, with time for a busy machine. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(25);

  /** So many objects of unknown outcome are asked for. */
  private static final int KNOWN_MAX = 100;

  /** An acknowledged state. */
  record Acknowledged(int value, long revision) {}

  /** An answer that was no success: 0 when there was none. */
  record Failure(int status, JsonNode body, Duration took) {}

  /** What is known of one object. */
  private static final class Known {
    final List<Acknowledged> acknowledged = new ArrayList<>();

    /** The value of the last attempt, whose outcome may be unknown. */
    int attempted;
  }

  private final ApiClient api;
  private final ScheduledExecutorService threads;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Throwable> bugs = new ArrayList<>();

  private Writers(ApiClient api, int count) {
    this.api = api;
    this.threads = Executors.newScheduledThreadPool(count);
  }

  /**
   * @param prefix of their objects' names
   */
  static Writers start(ApiClient api, String prefix, int count) {
    Writers writers = new Writers(api, count);
    for (int i = 0; i < count; i++) {
      Writer writer = writers.new Writer(prefix + "-" + i);
      // Its failures are kept in bugs.
      var unused =
          writers.threads.scheduleWithFixedDelay(
              writer, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
    return writers;
  }

  private final class Writer implements Runnable {
    private final String name;
    private int number;
    private int value;

    Writer(String name) {
      this.name = name;
    }

    @Override
    public void run() {
      try {
        step();
      } catch (RuntimeException | AssertionError e) {
        synchronized (Writers.this) {
          bugs.add(e);
        }
        throw e;
      }
    }

    private void step() {
      String object = name + "-" + number;
      Known mine = known.computeIfAbsent(object, n -> new Known());
      Instant begin = Instant.now();
      synchronized (mine) {
        mine.attempted = value;
      }
      try {
        ApiClient.Answer answer =
            value == 0
                ? api.post(PATH, body(object).toString())
                : api.put(PATH + "/" + object, body(object));
        if (answer.accepted()) {
          synchronized (mine) {
            mine.acknowledged.add(new Acknowledged(value, Long.parseLong(answer.revision())));
          }
          next();
          return;
        }
        failed(new Failure(answer.status(), answer.body(), since(begin)));
      } catch (IOException e) {
        failed(new Failure(0, ApiClient.JSON.createObjectNode(), since(begin)));
      }
      // What became of it is seen at the end; nobody else may write to it.
      number++;
      value = 0;
    }

    private void next() {
      if (++value > UPDATES) {
        number++;
        value = 0;
      }
    }

    private ObjectNode body(String object) {
      ObjectNode body = ApiClient.JSON.createObjectNode();
      body.put("apiVersion", "v1").put("kind", "ConfigMap");
      body.putObject("metadata").put("name", object).putObject("labels").put("writer", name);
      body.putObject("data").put("value", Integer.toString(value));
      return body;
    }
  }

  private static Duration since(Instant begin) {
    return Duration.between(begin, Instant.now());
  }

  private synchronized void failed(Failure failure) {
    failures.add(failure);
  }

  synchronized List<Failure> failures() {
    return List.copyOf(failures);
  }

  int acknowledgedCount() {
    return known.values().stream().mapToInt(Writers::count).sum();
  }

  private static int count(Known known) {
    synchronized (known) {
      return known.acknowledged.size();
    }
  }

  /** Ends them; what is under way is waited for. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(120, TimeUnit.SECONDS)) {
        throw new AssertionError("a writer got no answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (!bugs.isEmpty()) {
        throw new AssertionError(bugs.get(0));
      }
    }
  }

  /** Each is a Status with a reason and a message, and came within the store's time limit. */
  static void assertClear(List<Failure> failures) {
    assertThat(failures)
        .allSatisfy(
            failure -> {
              assertThat(failure.status()).as(failure.toString()).isIn(429, 500, 503, 504);
              assertThat(failure.body().path("kind").asText()).isEqualTo("Status");
              assertThat(failure.body().path("reason").asText()).isNotEmpty();
              assertThat(failure.body().path("message").asText()).isNotEmpty();
              if (failure.status() != 429) {
                assertThat(failure.body().path("message").asText())
                    .contains(
                        failure.status() == 503
                            ? "nothing was changed"
                            : "may have been made or not");
              }
              assertThat(failure.took()).isLessThan(ANSWER_MAX);
            });
  }

  /** What an attempt of unknown outcome came to is known now: its object takes the next write. */
  void assertKnown() throws IOException {
    int left = KNOWN_MAX;
    for (Map.Entry<String, Known> entry : known.entrySet()) {
      synchronized (entry.getValue()) {
        Known mine = entry.getValue();
        boolean unknown =
            mine.acknowledged.isEmpty()
                || mine.acknowledged.get(mine.acknowledged.size() - 1).value() < mine.attempted;
        if (unknown && left-- > 0) {
          writeAfter(entry.getKey());
        }
      }
    }
  }

  private void writeAfter(String name) throws IOException {
    ApiClient.Answer there = api.get(PATH + "/" + name);
    if (there.accepted()) {
      ObjectNode next = there.body().deepCopy();
      next.putObject("data").put("value", "after");
      assertThat(api.put(PATH + "/" + name, next).status()).as(name).isEqualTo(200);
    } else {
      ObjectNode made = ApiClient.JSON.createObjectNode();
      made.putObject("metadata").put("name", name);
      assertThat(there.status()).as(name).isEqualTo(404);
      assertThat(api.post(PATH, made.toString()).status()).as(name).isEqualTo(201);
    }
  }

  /** All acknowledged revisions by object; grows within each. */
  Map<String, List<Long>> revisions() {
    Map<String, List<Long>> revisions = new TreeMap<>();
    known.forEach(
        (name, mine) -> {
          synchronized (mine) {
            revisions.put(name, mine.acknowledged.stream().map(Acknowledged::revision).toList());
          }
        });
    return revisions;
  }

  /** What is not as it was acknowledged, in words; empty when all is there. After the end only. */
  List<String> lost() throws IOException {
    Map<String, JsonNode> stored = new HashMap<>();
    for (JsonNode item : api.get(PATH).object().path("items")) {
      stored.put(item.path("metadata").path("name").asText(), item);
    }
    List<String> lost = new ArrayList<>();
    known.forEach(
        (name, mine) -> {
          synchronized (mine) {
            if (!mine.acknowledged.isEmpty()) {
              Acknowledged last = mine.acknowledged.get(mine.acknowledged.size() - 1);
              JsonNode is = stored.getOrDefault(name, ApiClient.JSON.missingNode());
              int value = is.path("data").path("value").asInt(-1);
              long revision = is.path("metadata").path("resourceVersion").asLong();
              boolean same = value == last.value() && revision == last.revision();
              // The last attempt may have been stored without an answer.
              boolean attempt = value == mine.attempted && revision > last.revision();
              if (!same && !attempt) {
                lost.add(name + " acknowledged as " + last + ", is " + is);
              }
            }
          }
        });
    return lost;
  }
}
