package dev.ensemble.loadtest.client;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** One HTTP/2 connection that carries any number of requests at once, up to the server's limit. */
public final class ApiConnection implements AutoCloseable {
  static final int ERROR_BYTES_KEPT = 500;

  private final Channel channel;
  private final Http2Exchanges exchanges;

  ApiConnection(Channel channel, Http2Exchanges exchanges) {
    this.channel = channel;
    this.exchanges = exchanges;
  }

  /** Sends; the listener hears the response. */
  public void send(ApiRequest request, ResponseListener listener) {
    if (channel.eventLoop().inEventLoop()) {
      exchanges.send(request, listener);
    } else {
      channel.eventLoop().execute(() -> exchanges.send(request, listener));
    }
  }

  /** Sends and discards the body, but for the beginning of an error. */
  public CompletionStage<Answer> call(ApiRequest request) {
    return gather(request, ERROR_BYTES_KEPT);
  }

  /** Sends and keeps so much of the body, of ASCII text. */
  public CompletionStage<Answer> fetch(ApiRequest request, int bytesKept) {
    return gather(request, Math.max(bytesKept, ERROR_BYTES_KEPT + 1));
  }

  private CompletableFuture<Answer> gather(ApiRequest request, int bytesKept) {
    Answer.Gathering gathering = new Answer.Gathering(bytesKept);
    send(request, gathering);
    return gathering.answer();
  }

  /** Runs something later on the connection's thread. */
  @SuppressWarnings("FutureReturnValueIgnored")
  public void after(long millis, Runnable action) {
    channel.eventLoop().schedule(action, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
  }
}
