package dev.ensemble.http.stream;

import akka.util.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * SPDY/3.1 frames to bytes and back, for one connection. Windows are not kept: the clients of
 * Kubernetes' API neither obey nor grant them.
 */
final class SpdyFraming {
  private final EmbeddedChannel codec =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));

  /** The frames that these bytes complete. Who takes a data frame releases it. */
  synchronized List<SpdyFrame> decode(ByteString bytes) {
    codec.writeInbound(Unpooled.wrappedBuffer(bytes.toArrayUnsafe()));
    List<SpdyFrame> frames = new ArrayList<>();
    for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
      frames.add((SpdyFrame) frame);
    }
    return frames;
  }

  synchronized ByteString accepted(int stream) {
    SpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(stream);
    // Some clients do not take a reply without any header.
    reply.headers().set("x-accepted", "true");
    return encode(reply);
  }

  synchronized ByteString data(int stream, ByteString data) {
    return encode(new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(data.toArrayUnsafe())));
  }

  synchronized ByteString end(int stream) {
    return encode(new DefaultSpdyDataFrame(stream).setLast(true));
  }

  synchronized ByteString reset(int stream) {
    return encode(new DefaultSpdyRstStreamFrame(stream, SpdyStreamStatus.CANCEL));
  }

  /** Answers such as to a ping. */
  synchronized ByteString encode(SpdyFrame frame) {
    codec.writeOutbound(frame);
    ByteString bytes = ByteString.emptyByteString();
    for (ByteBuf part = codec.readOutbound(); part != null; part = codec.readOutbound()) {
      byte[] copy = new byte[part.readableBytes()];
      part.readBytes(copy);
      part.release();
      bytes = bytes.concat(ByteString.fromArrayUnsafe(copy));
    }
    return bytes;
  }

  synchronized void close() {
    codec.finishAndReleaseAll();
  }
}
