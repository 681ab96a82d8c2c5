package dev.ensemble.loadtest.api;

import dev.ensemble.loadtest.client.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One watch: cuts the stream into lines and reads of each when its change was sent ({@code
 * data.sent}, nanoseconds).
 */
final class WatchListener implements ResponseListener {
  private static final ByteBuf SENT =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("\"sent\":\"", StandardCharsets.US_ASCII).asReadOnly());

  private final WatchTally tally;
  private final Consumer<Throwable> failure;
  private ByteBuf partial = Unpooled.EMPTY_BUFFER;

  WatchListener(WatchTally tally, Consumer<Throwable> failure) {
    this.tally = tally;
    this.failure = failure;
  }

  @Override
  public void status(int status) {
    if (status == 200) {
      tally.establish();
    } else {
      failure.accept(new IOException("a watch was answered " + status));
    }
  }

  @Override
  public void data(ByteBuf bytes) {
    long now = System.nanoTime();
    if (!partial.isReadable()) {
      partial = lines(bytes, now);
      return;
    }
    ByteBuf joined = Unpooled.wrappedBuffer(partial, bytes.copy());
    partial = lines(joined, now);
    joined.release();
  }

  /** Handles whole lines; answers a copy of what is left. */
  private ByteBuf lines(ByteBuf bytes, long now) {
    int from = bytes.readerIndex();
    for (int end = lineEnd(bytes, from); end >= 0; end = lineEnd(bytes, from)) {
      line(bytes, from, end, now);
      from = end + 1;
    }
    int left = bytes.writerIndex() - from;
    return left > 0 ? bytes.copy(from, left) : Unpooled.EMPTY_BUFFER;
  }

  private static int lineEnd(ByteBuf bytes, int from) {
    return bytes.indexOf(from, bytes.writerIndex(), (byte) '\n');
  }

  private void line(ByteBuf bytes, int from, int end, long now) {
    int at = ByteBufUtil.indexOf(SENT, bytes.slice(from, end - from));
    if (at < 0) {
      failure.accept(
          new IOException(
              "an event without its time: "
                  + bytes.toString(from, end - from, StandardCharsets.UTF_8)));
      return;
    }
    tally.event(now - number(bytes, from + at + SENT.readableBytes()), end - from + 1);
  }

  private static long number(ByteBuf bytes, int from) {
    long number = 0;
    for (int i = from; bytes.getByte(i) != '"'; i++) {
      number = number * 10 + (bytes.getByte(i) - '0');
    }
    return number;
  }

  @Override
  public void end() {
    failure.accept(new IOException("the server ended a watch"));
  }

  @Override
  public void failed(Throwable cause) {
    failure.accept(cause);
  }
}
