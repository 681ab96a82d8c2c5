package dev.ensemble.agent.stream;

import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The other end of a stream: records frames by channel. */
final class RecordingSocket extends SendingSocket {
  private final Map<Byte, ByteArrayOutputStream> received = new ConcurrentHashMap<>();

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
}
