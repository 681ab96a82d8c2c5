package dev.ensemble.loadtest.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import java.io.IOException;
import java.net.URI;

/** Opens WebSockets of text messages to one API server, all on one thread. */
@SuppressWarnings("FutureReturnValueIgnored")
public final class WebSocketClient implements AutoCloseable {
  private static final int CONNECT_MILLIS_MAX = 30_000;
  private static final int MESSAGE_BYTES_MAX = 64 << 20;
  private static final int ANSWER_BYTES_MAX = 64 << 10;

  private final ApiAddress address;
  private final Dialer dialer;

  /** Hears of one socket, on the client's thread; {@code closed} comes last, and always. */
  public interface Listener {
    void opened(Socket socket);

    void text(String message);

    void closed(String why);
  }

  /** An open socket. */
  public record Socket(Channel channel) {
    /** Sends, or does nothing when the socket is closed. */
    public void send(String message) {
      channel.writeAndFlush(new TextWebSocketFrame(message));
    }

    public void close() {
      channel.close();
    }
  }

  /** Reads the PEM files; fails when they are not there. */
  public WebSocketClient(ApiAddress address) throws IOException {
    this.address = address;
    this.dialer =
        new Dialer(address, ApplicationProtocolConfig.DISABLED, "sockets", CONNECT_MILLIS_MAX);
  }

  /** Runs something later on the client's thread. */
  public void after(long millis, Runnable action) {
    dialer.after(millis, action);
  }

  /** Dials; the listener hears what comes of it. */
  public void open(String path, Listener listener) {
    dialer.dial(
        channel -> layers(channel, path, listener), cause -> listener.closed(cause.toString()));
  }

  private void layers(Channel channel, String path, Listener listener) {
    URI uri = URI.create("wss://" + address.host() + ":" + address.port() + path);
    channel
        .pipeline()
        .addLast(new HttpClientCodec())
        .addLast(new HttpObjectAggregator(ANSWER_BYTES_MAX))
        .addLast(
            new WebSocketClientProtocolHandler(
                WebSocketClientProtocolConfig.newBuilder()
                    .webSocketUri(uri)
                    .maxFramePayloadLength(MESSAGE_BYTES_MAX)
                    .handshakeTimeoutMillis(CONNECT_MILLIS_MAX)
                    .build()))
        .addLast(new WebSocketFrameAggregator(MESSAGE_BYTES_MAX))
        .addLast(new Heard(listener));
  }

  @Override
  public void close() {
    dialer.close();
  }

  private static final class Heard extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private final Listener listener;
    private String problem = "the server closed it";

    Heard(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        listener.opened(new Socket(context.channel()));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
      listener.text(frame.text());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      problem = cause.toString();
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      listener.closed(problem);
    }
  }
}
