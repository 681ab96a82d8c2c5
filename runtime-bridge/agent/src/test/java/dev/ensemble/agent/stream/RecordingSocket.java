package dev.ensemble.agent.stream;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The other end of a stream: records frames by channel. */
final class RecordingSocket implements WebSocket {
  private final Map<Byte, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
  private volatile boolean closed;

  void deliver(FrameSocket to, String frame) {
    deliver(to, ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8)));
  }

  void deliver(FrameSocket to, ByteBuffer frame) {
    to.onBinary(this, frame, true).toCompletableFuture().join();
  }

  String text(byte channel) {
    return received
        .getOrDefault(channel, new ByteArrayOutputStream())
        .toString(StandardCharsets.UTF_8);
  }

  @Override
  public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
    byte channel = data.get();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    received.computeIfAbsent(channel, key -> new ByteArrayOutputStream()).writeBytes(bytes);
    return CompletableFuture.completedFuture(this);
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
