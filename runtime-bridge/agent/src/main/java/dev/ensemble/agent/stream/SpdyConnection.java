package dev.ensemble.agent.stream;

import dev.ensemble.protocol.StreamFrame;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * SPDY/3.1 to the runtime's streaming server, which (unlike its WebSocket) can end standard input
 * alone. The server uses no flow control: TCP slows it down.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class SpdyConnection extends SimpleChannelInboundHandler<SpdyFrame>
    implements FrameSocket.Receiver {
  private static final EventLoopGroup LOOP =
      new NioEventLoopGroup(1, new DefaultThreadFactory("spdy", true));

  /** Beyond this the runtime waits until the client has read. */
  private static final int UNSENT_BYTES_MAX = 1024 * 1024;

  private static final int ANSWER_BYTES_MAX = 16 * 1024;

  /** Who writes on a stream. */
  enum Way {
    TO_RUNTIME,
    FROM_RUNTIME,
    BOTH
  }

  /** One of the connection's streams and the channel of frames that it is joined with. */
  record Stream(byte channel, Way way, Map<String, String> headers) {}

  private final List<Stream> streams;
  private final FrameSocket socket;
  private final CompletableFuture<Channel> ready = new CompletableFuture<>();
  private final Map<Byte, Integer> ids = new HashMap<>();
  private final Map<Integer, Byte> channels = new HashMap<>();
  private final Set<Byte> open = new HashSet<>();
  private long unsentBytes;

  private SpdyConnection(List<Stream> streams, FrameSocket socket) {
    this.streams = streams;
    this.socket = socket;
    int id = 1;
    for (Stream stream : streams) {
      ids.put(stream.channel(), id);
      channels.put(id, stream.channel());
      if (stream.way() != Way.TO_RUNTIME) {
        open.add(stream.channel());
      }
      id += 2;
    }
  }

  static void open(URI url, String protocol, List<Stream> streams, FrameSocket socket) {
    SpdyConnection connection = new SpdyConnection(streams, socket);
    new Bootstrap()
        .group(LOOP)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Upgrade(url, protocol, connection));
              }
            })
        .connect(url.getHost(), url.getPort())
        .addListener(
            (ChannelFuture connected) -> {
              if (!connected.isSuccess()) {
                connection.fail(connected.cause().toString());
              }
            });
    socket.receive(connection);
  }

  private void fail(String message) {
    ready.completeExceptionally(new IllegalStateException(message));
    String status =
        "{\"metadata\":{},\"status\":\"Failure\",\"reason\":\"InternalError\",\"code\":500,"
            + "\"message\":\""
            + message.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ")
            + "\"}";
    socket.send(StreamFrame.ERROR, status.getBytes(StandardCharsets.UTF_8));
    socket.close();
  }

  /** Speaks HTTP until the server has agreed to SPDY. */
  private static final class Upgrade extends ByteToMessageDecoder {
    private final URI url;
    private final String protocol;
    private final SpdyConnection connection;

    Upgrade(URI url, String protocol, SpdyConnection connection) {
      this.url = url;
      this.protocol = protocol;
      this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      String path = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
      String request =
          "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: %s\r\nContent-Length: 0\r\n\r\n"
              .formatted(path, url.getAuthority(), protocol);
      context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      String seen = in.toString(StandardCharsets.US_ASCII);
      int end = seen.indexOf("\r\n\r\n");
      if (end < 0) {
        if (seen.length() > ANSWER_BYTES_MAX) {
          context.close();
        }
        return;
      }
      if (!seen.startsWith("HTTP/1.1 101")) {
        connection.fail("the runtime refused the stream: " + seen.lines().findFirst().orElse(""));
        context.close();
        return;
      }
      in.skipBytes(end + 4);
      context.pipeline().addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1), connection);
      context.pipeline().remove(this);
      connection.begin(context.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      super.channelInactive(context);
      connection.finish();
    }
  }

  private void begin(Channel channel) {
    for (Stream stream : streams) {
      DefaultSpdySynStreamFrame syn =
          new DefaultSpdySynStreamFrame(ids.get(stream.channel()), 0, (byte) 0);
      stream.headers().forEach((name, value) -> syn.headers().set(name, value));
      channel.write(syn);
      if (stream.way() == Way.FROM_RUNTIME) {
        channel.write(end(stream.channel()));
      }
    }
    channel.flush();
    ready.complete(channel);
  }

  private DefaultSpdyDataFrame end(byte channel) {
    DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(ids.get(channel));
    frame.setLast(true);
    return frame;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, SpdyFrame frame) {
    if (frame instanceof SpdyDataFrame data) {
      Byte channel = channels.get(data.streamId());
      if (channel != null) {
        if (data.content().isReadable()) {
          forward(context, channel, ByteBufUtil.getBytes(data.content()));
        }
        if (data.isLast()) {
          ended(context, channel);
        }
      }
    } else if (frame instanceof SpdyRstStreamFrame reset) {
      Byte channel = channels.get(reset.streamId());
      if (channel != null) {
        ended(context, channel);
      }
    } else if (frame instanceof SpdyPingFrame) {
      context.writeAndFlush(frame);
    } else if (frame instanceof SpdyStreamFrame reply
        && !(frame instanceof SpdySynStreamFrame)
        && reply.isLast()) {
      Byte channel = channels.get(reply.streamId());
      if (channel != null) {
        ended(context, channel);
      }
    }
  }

  private void forward(ChannelHandlerContext context, byte channel, byte[] bytes) {
    unsentBytes += bytes.length;
    if (unsentBytes > UNSENT_BYTES_MAX) {
      context.channel().config().setAutoRead(false);
    }
    socket
        .send(channel, bytes)
        .whenComplete(
            (sent, failure) -> context.executor().execute(() -> sent(context, bytes.length)));
  }

  private void sent(ChannelHandlerContext context, int length) {
    unsentBytes -= length;
    if (unsentBytes <= UNSENT_BYTES_MAX / 2) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void ended(ChannelHandlerContext context, byte channel) {
    if (open.remove(channel)) {
      if (channel != StreamFrame.ERROR) {
        socket.sendClose(channel);
      }
      if (open.isEmpty()) {
        socket.close();
        context.close();
      }
    }
  }

  private void finish() {
    ready.completeExceptionally(new IllegalStateException("the runtime ended the connection"));
    socket.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    finish();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    context.close();
  }

  @Override
  public CompletionStage<Void> data(byte channel, byte[] bytes) {
    return write(channel, new DefaultSpdyDataFrame(id(channel), Unpooled.wrappedBuffer(bytes)));
  }

  @Override
  public CompletionStage<Void> closed(byte channel) {
    DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(id(channel));
    frame.setLast(true);
    return write(channel, frame);
  }

  private int id(byte channel) {
    return ids.getOrDefault(channel, 0);
  }

  /** Frames for channels that were not asked for are dropped. */
  private CompletionStage<Void> write(byte channel, SpdyDataFrame frame) {
    if (!ids.containsKey(channel)) {
      frame.release();
      return CompletableFuture.completedFuture(null);
    }
    return ready.thenCompose(
        to -> {
          CompletableFuture<Void> written = new CompletableFuture<>();
          to.writeAndFlush(frame).addListener(done -> written.complete(null));
          return written;
        });
  }

  @Override
  public void gone() {
    ready.thenAccept(Channel::close);
  }
}
