package dev.ensemble.loadtest.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.EventStream;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Follows pods by a watch and notes when each was first seen to have reached each step. */
public final class PodWatch implements EventStream.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long ANSWER_SECONDS_MAX = 120;
  private static final int LIST_BYTES_MAX = 4_000_000;

  /** What is noted of a pod. */
  public enum Step {
    MADE,
    BOUND,
    READY,
    GONE
  }

  /** By step and name, by {@link System#nanoTime}. */
  private final Map<Step, Map<String, Long>> reached = new EnumMap<>(Step.class);

  private final long secondsMax;
  private boolean closed;
  private String problem = "";

  private PodWatch(long secondsMax) {
    this.secondsMax = secondsMax;
    for (Step step : Step.values()) {
      reached.put(step, new HashMap<>());
    }
  }

  /**
   * Follows what is there now and what comes.
   *
   * @param pods path of the list, with {@code ?} and parameters or without
   * @param secondsMax how long anything is waited for, and the watch lasts
   */
  public static PodWatch begin(ApiConnection connection, String pods, long secondsMax)
      throws Exception {
    PodWatch watch = new PodWatch(secondsMax);
    JsonNode list = tree(connection, pods);
    for (JsonNode item : list.path("items")) {
      watch.event("ADDED", item);
    }
    connection.send(
        ApiRequest.get(
            pods
                + (pods.contains("?") ? "&" : "?")
                + "watch=true&timeoutSeconds="
                + secondsMax
                + "&resourceVersion="
                + list.path("metadata").path("resourceVersion").asText()),
        new EventStream(watch));
    return watch;
  }

  /** What a path answers, which must be 200. */
  public static JsonNode tree(ApiConnection connection, String path) throws Exception {
    return JSON.readTree(
        connection
            .fetch(ApiRequest.get(path), LIST_BYTES_MAX)
            .toCompletableFuture()
            .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
            .expect(200)
            .text());
  }

  @Override
  public synchronized void event(String type, JsonNode pod) {
    long now = System.nanoTime();
    String name = pod.path("metadata").path("name").asText();
    if (type.equals("DELETED")) {
      note(Step.GONE, name, now);
    } else {
      note(Step.MADE, name, now);
      if (pod.path("spec").has("nodeName")) {
        note(Step.BOUND, name, now);
      }
      if (ready(pod)) {
        note(Step.READY, name, now);
      }
    }
    notifyAll();
  }

  private void note(Step step, String name, long now) {
    reached.get(step).putIfAbsent(name, now);
  }

  private static boolean ready(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /** Waits until so many pods have reached a step since the beginning. */
  public synchronized void await(Step step, int count)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (reached.get(step).size() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (!problem.isEmpty() || left <= 0) {
        throw new TimeoutException(
            "%d of %d pods are %s %s"
                .formatted(
                    reached.get(step).size(),
                    count,
                    step.name().toLowerCase(Locale.ROOT),
                    problem));
      }
      wait(left);
    }
  }

  /** When a pod was seen to have reached a step, by {@link System#nanoTime}. */
  public synchronized long at(Step step, String name) {
    return reached.get(step).get(name);
  }

  /** When the last pod reached a step, by {@link System#nanoTime}. */
  public synchronized long lastOf(Step step) {
    return reached.get(step).values().stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  @Override
  public synchronized void over(String why) {
    if (!closed) {
      problem = why;
      notifyAll();
    }
  }

  /** What it still hears is not looked at: the server ends the watch when its time is up. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}
