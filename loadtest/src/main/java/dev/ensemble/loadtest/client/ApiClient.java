package dev.ensemble.loadtest.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
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
  private final SslContext tls;
  private final NioEventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("load", true));

  /** Reads the PEM files; fails when they are not there. */
  public ApiClient(ApiAddress address) throws IOException {
    this.address = address;
    try {
      this.tls =
          SslContextBuilder.forClient()
              .trustManager(address.authority().toFile())
              .keyManager(address.certificate().toFile(), address.key().toFile())
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      ApplicationProtocolNames.HTTP_2))
              .build();
    } catch (IllegalArgumentException e) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new IOException("unusable certificates: " + e.getMessage(), e);
    }
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
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
        .handler(new Layers(opened))
        .connect(address.host(), address.port())
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                opened.completeExceptionally(done.cause());
              }
            });
    try {
      return opened.orTimeout(CONNECT_MILLIS_MAX, TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw new IOException("no connection to " + address.host() + ":" + address.port(), e);
    }
  }

  /** TLS, then HTTP/2. */
  private final class Layers extends ChannelInitializer<Channel> {
    private final CompletableFuture<ApiConnection> opened;

    Layers(CompletableFuture<ApiConnection> opened) {
      this.opened = opened;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(tls.newHandler(channel.alloc(), address.host(), address.port()))
          .addLast(
              new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                @Override
                protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                  speak(context, protocol);
                }

                @Override
                protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
                  opened.completeExceptionally(cause);
                  context.close();
                }
              });
    }

    private void speak(ChannelHandlerContext context, String protocol) {
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
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
