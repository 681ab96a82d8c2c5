package dev.ensemble.loadtest.client;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A whole response.
 *
 * @param bytes length of the body
 * @param text the beginning of the body, as far as it was kept
 */
public record Answer(int status, long bytes, String text) {
  /** Fails unless the status is the given one. */
  public Answer expect(int wanted) {
    if (status != wanted) {
      throw new IllegalStateException("answered " + status + " instead of " + wanted + ": " + text);
    }
    return this;
  }

  /** Gathers a response, keeping the beginning of its body. */
  static final class Gathering implements ResponseListener {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final int keptMax;
    private final StringBuilder kept = new StringBuilder();
    private int status;
    private long bytes;

    Gathering(int keptMax) {
      this.keptMax = keptMax;
    }

    CompletableFuture<Answer> answer() {
      return answer;
    }

    @Override
    public void status(int received) {
      status = received;
    }

    @Override
    public void data(ByteBuf received) {
      int length = received.readableBytes();
      bytes += length;
      int wanted = Math.min(length, keptMax - kept.length());
      // Of what succeeds the client reads nothing, for its cost is not what is measured.
      if (wanted > 0 && (status >= 300 || keptMax > ApiConnection.ERROR_BYTES_KEPT)) {
        kept.append(received.toString(received.readerIndex(), wanted, StandardCharsets.UTF_8));
      }
    }

    @Override
    public void end() {
      answer.complete(new Answer(status, bytes, kept.toString()));
    }

    @Override
    public void failed(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }
}
