package dev.ensemble.agent.stream;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A reader that takes its time and keeps nothing: what is sent is counted. */
final class CountingSocket extends SendingSocket {
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong largest = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

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
}
