package dev.ensemble.loadtest.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.ResponseListener;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Follows the sample's pods by a watch and notes when each reached each step. */
final class PodWatch implements ResponseListener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String PODS = "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb-app";
  private static final long WAIT_SECONDS_MAX = 120;
  private static final int LIST_BYTES_MAX = 1_000_000;

  /** What is noted of a pod. */
  enum Step {
    MADE,
    BOUND,
    READY
  }

  /** A pod as the watch last told. */
  record Pod(JsonNode object, boolean gone) {
    boolean bound() {
      return object.path("spec").has("nodeName");
    }

    boolean ready() {
      for (JsonNode condition : object.path("status").path("conditions")) {
        if (condition.path("type").asText().equals("Ready")) {
          return condition.path("status").asText().equals("True");
        }
      }
      return false;
    }
  }

  private final Map<String, Pod> pods = new HashMap<>();
  private final Map<Step, Map<String, Long>> reached = new EnumMap<>(Step.class);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean closed;
  private String problem = "";

  private PodWatch() {
    for (Step step : Step.values()) {
      reached.put(step, new HashMap<>());
    }
  }

  /** From what is there now on. */
  static PodWatch begin(ApiConnection connection) throws Exception {
    PodWatch watch = new PodWatch();
    JsonNode list = tree(connection, PODS);
    for (JsonNode item : list.path("items")) {
      watch.see("ADDED", item);
    }
    connection.send(
        ApiRequest.get(
            PODS
                + "&watch=true&timeoutSeconds="
                + WAIT_SECONDS_MAX
                + "&resourceVersion="
                + list.path("metadata").path("resourceVersion").asText()),
        watch);
    return watch;
  }

  static JsonNode tree(ApiConnection connection, String path) throws Exception {
    return JSON.readTree(
        connection
            .fetch(ApiRequest.get(path), LIST_BYTES_MAX)
            .toCompletableFuture()
            .get(WAIT_SECONDS_MAX, TimeUnit.SECONDS)
            .expect(200)
            .text());
  }

  @Override
  public void status(int status) {
    if (status != 200) {
      fail("the watch was answered " + status);
    }
  }

  @Override
  public void data(ByteBuf bytes) {
    while (bytes.isReadable()) {
      byte next = bytes.readByte();
      if (next == '\n') {
        event(line.toByteArray());
        line.reset();
      } else {
        line.write(next);
      }
    }
  }

  private void event(byte[] json) {
    try {
      JsonNode event = JSON.readTree(json);
      see(event.path("type").asText(), event.path("object"));
    } catch (IOException e) {
      fail("the watch said what is no JSON: " + e.getMessage());
    }
  }

  private synchronized void see(String type, JsonNode object) {
    long now = System.nanoTime();
    String uid = object.path("metadata").path("uid").asText();
    Pod pod = new Pod(object, type.equals("DELETED"));
    pods.put(uid, pod);
    reached.get(Step.MADE).putIfAbsent(uid, now);
    if (pod.bound()) {
      reached.get(Step.BOUND).putIfAbsent(uid, now);
    }
    if (pod.ready()) {
      reached.get(Step.READY).putIfAbsent(uid, now);
    }
    notifyAll();
  }

  /** Waits until so many pods are as asked. */
  synchronized void await(String what, Predicate<Pod> as, int count)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    while (pods.values().stream().filter(as).count() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (!problem.isEmpty() || left <= 0) {
        throw new TimeoutException(
            "waited for %d pods that are %s %s: %s".formatted(count, what, problem, pods));
      }
      wait(left);
    }
  }

  /** When the last pod reached a step, by {@link System#nanoTime}. */
  synchronized long lastOf(Step step) {
    return reached.get(step).values().stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  private synchronized void fail(String why) {
    if (!closed && problem.isEmpty()) {
      problem = why;
      notifyAll();
    }
  }

  @Override
  public void end() {
    fail("the server ended the watch");
  }

  @Override
  public void failed(Throwable cause) {
    fail(cause.toString());
  }

  /** What it still hears is not looked at: the server ends the watch when its time is up. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}
