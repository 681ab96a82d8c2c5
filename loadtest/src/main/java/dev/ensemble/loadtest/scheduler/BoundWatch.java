package dev.ensemble.loadtest.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.ResponseListener;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

/** A watch of the pods of a namespace: when each got its node, and which are gone. */
final class BoundWatch implements ResponseListener {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WAIT_SECONDS_MAX = 600;

  /** By name, by {@link System#nanoTime}. */
  private final Map<String, Long> bound = new HashMap<>();

  private final Set<String> gone = new HashSet<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String problem = "";

  /** Watches what comes from now on. */
  static BoundWatch begin(ApiConnection connection, String pods) {
    BoundWatch watch = new BoundWatch();
    connection.send(
        ApiRequest.get(pods + "?watch=true&timeoutSeconds=" + 2 * WAIT_SECONDS_MAX), watch);
    return watch;
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
      int end = bytes.bytesBefore((byte) '\n');
      int length = end < 0 ? bytes.readableBytes() : end;
      byte[] part = new byte[length];
      bytes.readBytes(part);
      line.writeBytes(part);
      if (end >= 0) {
        bytes.readByte();
        event(line.toByteArray());
        line.reset();
      }
    }
  }

  private void event(byte[] json) {
    long now = System.nanoTime();
    try {
      JsonNode event = JSON.readTree(json);
      JsonNode pod = event.path("object");
      String name = pod.path("metadata").path("name").asText();
      see(
          name,
          pod.path("spec").has("nodeName"),
          event.path("type").asText().equals("DELETED"),
          now);
    } catch (IOException e) {
      fail("the watch said what is no JSON: " + e.getMessage());
    }
  }

  private synchronized void see(String name, boolean hasNode, boolean deleted, long now) {
    if (deleted) {
      gone.add(name);
    } else if (hasNode) {
      bound.putIfAbsent(name, now);
    }
    notifyAll();
  }

  /** Waits until so many pods have got their node since the beginning. */
  void awaitBound(int count) throws InterruptedException, TimeoutException {
    await(count, bound::size, "pods have a node");
  }

  /** Waits until so many pods are gone since the beginning. */
  void awaitGone(int count) throws InterruptedException, TimeoutException {
    await(count, gone::size, "pods are gone");
  }

  private synchronized void await(int count, IntSupplier now, String what)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    while (now.getAsInt() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (!problem.isEmpty() || left <= 0) {
        throw new TimeoutException(
            "%d of %d %s %s".formatted(now.getAsInt(), count, what, problem));
      }
      wait(left);
    }
  }

  /** When the pod was seen to have its node. */
  synchronized long boundAt(String name) {
    return bound.get(name);
  }

  private synchronized void fail(String why) {
    problem = problem.isEmpty() ? why : problem;
    notifyAll();
  }

  @Override
  public void end() {
    fail("the server ended the watch");
  }

  @Override
  public void failed(Throwable cause) {
    fail(cause.toString());
  }
}
