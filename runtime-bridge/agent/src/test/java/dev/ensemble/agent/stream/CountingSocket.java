package dev.ensemble.agent.stream;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A reader that takes its time and keeps nothing: what is sent is counted. */
final class CountingSocket implements WebSocket {
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong largest = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private volatile boolean closed;

  long bytes() {
    return bytes.get();
  }

  long largestFrame() {
    return largest.get();
  }

  /** Frames that were on their way at the same time. */
  int mostAtOnce() {
    return mostAtOnce.get();
  }

  @Override
  public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
    bytes.addAndGet(data.remaining() - 1);
    largest.accumulateAndGet(data.remaining(), Math::max);
    mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    return CompletableFuture.supplyAsync(
        () -> {
          underWay.decrementAndGet();
          return this;
        });
  }

  @Override
  public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
    closed = true;
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public boolean isOutputClosed() {
    return closed;
  }

  @Override
  public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void request(long n) {}

  @Override
  public String getSubprotocol() {
    return "";
  }

  @Override
  public boolean isInputClosed() {
    return closed;
  }

  @Override
  public void abort() {
    closed = true;
  }
}
