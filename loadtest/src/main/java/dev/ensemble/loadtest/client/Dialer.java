package dev.ensemble.loadtest.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens TLS connections to one API server, all on one thread. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Dialer implements AutoCloseable {
  private final ApiAddress address;
  private final int connectMillisMax;
  private final SslContext tls;
  private final NioEventLoopGroup loop;

  /** Reads the PEM files; fails when they are not there. */
  Dialer(
      ApiAddress address, ApplicationProtocolConfig protocols, String thread, int connectMillisMax)
      throws IOException {
    this.address = address;
    this.connectMillisMax = connectMillisMax;
    try {
      this.tls =
          SslContextBuilder.forClient()
              .trustManager(address.authority().toFile())
              .keyManager(address.certificate().toFile(), address.key().toFile())
              .applicationProtocolConfig(protocols)
              .build();
    } catch (IllegalArgumentException e) {
      throw new IOException("unusable certificates: " + e.getMessage(), e);
    }
    this.loop = new NioEventLoopGroup(1, new DefaultThreadFactory(thread, true));
  }

  /**
   * Dials.
   *
   * @param layers puts on the channel what stands above TLS
   * @param failed hears why there is no connection
   */
  void dial(Consumer<Channel> layers, Consumer<Throwable> failed) {
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillisMax)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(tls.newHandler(channel.alloc(), address.host(), address.port()));
                layers.accept(channel);
              }
            })
        .connect(address.host(), address.port())
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                failed.accept(done.cause());
              }
            });
  }

  /** Runs something later on the thread of the connections. */
  void after(long millis, Runnable action) {
    loop.schedule(action, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
