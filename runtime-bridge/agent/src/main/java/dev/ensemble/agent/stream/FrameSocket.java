package dev.ensemble.agent.stream;

import dev.ensemble.protocol.StreamFrame;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A stream's WebSocket as frames with channels. Sends are in order, one at a time; a sender that
 * waits for its stage is slowed to what the peer takes.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class FrameSocket implements WebSocket.Listener {
  /** A message that is larger is a fault of the peer. */
  private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

  private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
  private final CompletableFuture<Receiver> receiver = new CompletableFuture<>();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private CompletableFuture<?> lastSend = CompletableFuture.completedFuture(null);
  private boolean closed;

  /** Hears of frames. The stage of a frame is done when the next may come. */
  interface Receiver {
    CompletionStage<Void> data(byte channel, byte[] bytes);

    /** The peer has ended this channel. */
    CompletionStage<Void> closed(byte channel);

    /** The socket is gone. */
    void gone();
  }

  void receive(Receiver given) {
    receiver.complete(given);
  }

  synchronized CompletableFuture<?> send(byte channel, byte[] bytes, int length) {
    ByteBuffer frame = ByteBuffer.allocate(length + 1).put(channel).put(bytes, 0, length).flip();
    return then(frame);
  }

  CompletableFuture<?> send(byte channel, byte[] bytes) {
    return send(channel, bytes, bytes.length);
  }

  synchronized CompletableFuture<?> sendClose(byte channel) {
    return then(ByteBuffer.wrap(new byte[] {StreamFrame.CLOSE, channel}));
  }

  private CompletableFuture<?> then(ByteBuffer frame) {
    if (closed) {
      return CompletableFuture.failedFuture(new IllegalStateException("stream is closed"));
    }
    lastSend =
        lastSend.thenCompose(done -> socket).thenCompose(open -> open.sendBinary(frame, true));
    return lastSend;
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      lastSend
          .thenCompose(done -> socket)
          .thenCompose(open -> open.sendClose(WebSocket.NORMAL_CLOSURE, ""));
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    socket.complete(opened);
    receiver.thenAccept(ready -> opened.request(1));
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    partial.writeBytes(bytes);
    if (partial.size() > MESSAGE_BYTES_MAX) {
      from.abort();
      gone();
      return null;
    }
    if (!last) {
      from.request(1);
      return null;
    }
    byte[] message = partial.toByteArray();
    partial.reset();
    return receiver
        .thenCompose(heard -> deliver(heard, message))
        .whenComplete((done, failure) -> from.request(1));
  }

  private static CompletionStage<Void> deliver(Receiver heard, byte[] message) {
    if (message.length == 0) {
      return CompletableFuture.completedFuture(null);
    }
    if (message[0] == StreamFrame.CLOSE && message.length == 2) {
      return heard.closed(message[1]);
    }
    byte[] data = new byte[message.length - 1];
    System.arraycopy(message, 1, data, 0, data.length);
    return heard.data(message[0], data);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    gone();
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    gone();
  }

  private void gone() {
    synchronized (this) {
      closed = true;
    }
    receiver.thenAccept(Receiver::gone);
  }
}
