package dev.ensemble.loadtest.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Opens connections to one API server, all on one thread. */
@SuppressWarnings("FutureReturnValueIgnored")
public final class ApiClient implements AutoCloseable {
  private static final int CONNECT_MILLIS_MAX = 10_000;

  private final ApiAddress address;
  private final Dialer dialer;

  /** Reads the PEM files; fails when they are not there. */
  public ApiClient(ApiAddress address) throws IOException {
    this.address = address;
    this.dialer =
        new Dialer(
            address,
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2),
            "load",
            CONNECT_MILLIS_MAX);
  }

  /** Opens one connection. */
  public ApiConnection connect() throws IOException {
    return connect(1).get(0);
  }

  /** Opens connections, one after the other. */
  public List<ApiConnection> connect(int count) throws IOException {
    List<ApiConnection> connections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      connections.add(open());
    }
    return connections;
  }

  private ApiConnection open() throws IOException {
    CompletableFuture<ApiConnection> opened = new CompletableFuture<>();
    dialer.dial(channel -> layers(channel, opened), opened::completeExceptionally);
    try {
      return opened.orTimeout(CONNECT_MILLIS_MAX, TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new IOException("no connection to " + address.host() + ":" + address.port(), e);
    }
  }

  private void layers(Channel channel, CompletableFuture<ApiConnection> opened) {
    channel
        .pipeline()
        .addLast(
            new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
              @Override
              protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                speak(context, protocol, opened);
              }

              @Override
              protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
                opened.completeExceptionally(cause);
                context.close();
              }
            });
  }

  private void speak(
      ChannelHandlerContext context, String protocol, CompletableFuture<ApiConnection> opened) {
    if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      opened.completeExceptionally(new IOException("the server does not speak HTTP/2"));
      context.close();
      return;
    }
    Http2Exchanges exchanges = Http2Exchanges.create(address.host() + ":" + address.port());
    context.pipeline().addLast(exchanges);
    exchanges
        .ready()
        .whenComplete(
            (ready, failed) -> {
              if (failed != null) {
                opened.completeExceptionally(failed);
              } else {
                opened.complete(new ApiConnection(context.channel(), exchanges));
              }
            });
  }

  @Override
  public void close() {
    dialer.close();
  }
}
