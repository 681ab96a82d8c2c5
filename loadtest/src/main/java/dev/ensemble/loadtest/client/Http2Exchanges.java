package dev.ensemble.loadtest.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The requests under way on one connection. Lives on the channel's event loop. */
// Writes report their outcome to promises.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http2Exchanges extends Http2ConnectionHandler {
  /** Large, so that a list of many megabytes is never held up by us. */
  private static final int WINDOW_BYTES = 64 << 20;

  private static final AsciiString HTTPS = AsciiString.cached("https");
  private static final AsciiString JSON = AsciiString.cached("application/json");
  private static final AsciiString AGENT = AsciiString.cached("ensemble-bench/1.0");
  private static final AsciiString ACCEPT_NAME = AsciiString.cached("accept");
  private static final AsciiString AGENT_NAME = AsciiString.cached("user-agent");
  private static final AsciiString TYPE_NAME = AsciiString.cached("content-type");

  private final IntObjectMap<ResponseListener> open = new IntObjectHashMap<>();
  private final CompletableFuture<Http2Exchanges> ready = new CompletableFuture<>();
  private final AsciiString authority;
  private Optional<ChannelHandlerContext> context = Optional.empty();
  private Optional<Throwable> closing = Optional.empty();
  private String lastWords = "without a word";
  private boolean reading;

  private Http2Exchanges(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      AsciiString authority) {
    super(decoder, encoder, settings);
    this.authority = authority;
  }

  static Http2Exchanges create(String authority) {
    Frames frames = new Frames();
    Http2Exchanges exchanges = new Builder(new AsciiString(authority), frames).build();
    frames.exchanges = Optional.of(exchanges);
    return exchanges;
  }

  /** Completes when the server's settings have arrived. */
  CompletableFuture<Http2Exchanges> ready() {
    return ready;
  }

  void send(ApiRequest request, ResponseListener listener) {
    ChannelHandlerContext ctx =
        context.orElseThrow(() -> new IllegalStateException("not connected yet"));
    int stream = connection().local().incrementAndGetNextStreamId();
    open.put(stream, listener);
    Http2Headers headers =
        new DefaultHttp2Headers(false)
            .method(request.method())
            .scheme(HTTPS)
            .authority(authority)
            .path(request.path())
            .add(ACCEPT_NAME, JSON)
            .add(AGENT_NAME, AGENT);
    boolean bodiless = request.body().isEmpty();
    if (!bodiless) {
      headers.add(TYPE_NAME, request.contentType());
    }
    ChannelPromise sent = ctx.newPromise();
    sent.addListener(
        done -> {
          if (!done.isSuccess()) {
            fail(stream, done.cause());
          }
        });
    encoder().writeHeaders(ctx, stream, headers, 0, bodiless, sent);
    if (!bodiless) {
      ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), request.body());
      encoder().writeData(ctx, stream, body, 0, true, ctx.newPromise());
    }
    if (!reading) {
      flush(ctx);
    }
  }

  private void fail(int stream, Throwable cause) {
    ResponseListener listener = open.remove(stream);
    if (listener != null) {
      listener.failed(cause);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = Optional.of(ctx);
    super.handlerAdded(ctx);
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), WINDOW_BYTES);
    flush(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    reading = true;
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    reading = false;
    super.channelReadComplete(ctx);
  }

  @Override
  public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
    closing = Optional.of(cause);
    super.onError(ctx, outbound, cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    IOException closed =
        new IOException("the connection was closed " + lastWords, closing.orElse(null));
    ready.completeExceptionally(closed);
    List<ResponseListener> left = new ArrayList<>(open.values());
    open.clear();
    left.forEach(listener -> listener.failed(closed));
    super.channelInactive(ctx);
  }

  /** What the server sends. */
  private static final class Frames extends Http2FrameAdapter {
    private Optional<Http2Exchanges> exchanges = Optional.empty();

    private Http2Exchanges owner() {
      return exchanges.orElseThrow();
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
      owner().ready.complete(owner());
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean end) {
      ResponseListener listener = owner().open.get(stream);
      if (listener != null) {
        if (headers.status() != null) {
          listener.status(AsciiString.of(headers.status()).parseInt());
        }
        end(stream, listener, end);
      }
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int stream,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean end) {
      onHeadersRead(ctx, stream, headers, padding, end);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean end)
        throws Http2Exception {
      int processed = data.readableBytes() + padding;
      ResponseListener listener = owner().open.get(stream);
      if (listener != null) {
        listener.data(data);
        end(stream, listener, end);
      }
      return processed;
    }

    private void end(int stream, ResponseListener listener, boolean end) {
      if (end) {
        owner().open.remove(stream);
        listener.end();
      }
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int last, long code, ByteBuf debug) {
      owner().lastWords =
          "with code " + code + " " + debug.toString(StandardCharsets.UTF_8).strip();
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int stream, long code) {
      owner().fail(stream, new IOException("the server reset the stream, code " + code));
    }
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Exchanges, Builder> {
    private final AsciiString authority;

    Builder(AsciiString authority, Frames frames) {
      this.authority = authority;
      server(false);
      // Closing ends the watches that are open instead of waiting for their end.
      gracefulShutdownTimeoutMillis(0);
      frameListener(frames);
      initialSettings(
          Http2Settings.defaultSettings().initialWindowSize(WINDOW_BYTES).pushEnabled(false));
    }

    @Override
    protected Http2Exchanges build() {
      return super.build();
    }

    @Override
    protected Http2Exchanges build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Exchanges(decoder, encoder, settings, authority);
    }
  }
}
