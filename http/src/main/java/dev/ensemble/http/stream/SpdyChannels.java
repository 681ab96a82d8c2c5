package dev.ensemble.http.stream;

import akka.Done;
import akka.stream.Materializer;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import akka.util.ByteString;
import dev.ensemble.protocol.StreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import scala.concurrent.duration.Duration;

/**
 * One exec or attach over SPDY: the client opens a stream for each channel that it asked for; once
 * all are there they are joined to the agent's channel.
 */
final class SpdyChannels implements SpdyFlow.Connection {
  /** Frames that wait for the agent before the client is held up. */
  private static final int BUFFERED_FRAMES = 16;

  private static final Map<String, Byte> CHANNELS =
      Map.of(
          "stdin", StreamFrame.STDIN,
          "stdout", StreamFrame.STDOUT,
          "stderr", StreamFrame.STDERR,
          "error", StreamFrame.ERROR,
          "resize", StreamFrame.RESIZE);

  private final Materializer materializer;
  private final SourceQueueWithComplete<ByteString> toClient;
  private final SourceQueueWithComplete<ByteString> toAgent;
  private final AgentChannel channel;
  private final Set<Byte> awaited;
  private final SpdyFraming framing = new SpdyFraming();

  // Guarded by this.
  private final Map<Byte, Integer> streams = new HashMap<>();
  private final Map<Integer, Byte> channels = new HashMap<>();
  private boolean joined;
  private boolean closed;

  /**
   * @param awaited the channels whose streams the client will open
   * @param patience how long it may take to; then the connection is closed
   */
  SpdyChannels(
      AgentChannel channel,
      Set<Byte> awaited,
      java.time.Duration patience,
      Materializer materializer,
      SourceQueueWithComplete<ByteString> toClient) {
    this.channel = channel;
    this.awaited = Set.copyOf(awaited);
    this.materializer = materializer;
    this.toClient = toClient;
    this.toAgent =
        Source.<ByteString>queue(BUFFERED_FRAMES, OverflowStrategy.backpressure())
            .to(Sink.fromSubscriber(channel.to()))
            .run(materializer);
    materializer.scheduleOnce(Duration.fromNanos(patience.toNanos()), this::closeUnlessJoined);
  }

  @Override
  public CompletionStage<Done> received(ByteString bytes) {
    CompletionStage<Done> done = CompletableFuture.completedFuture(Done.getInstance());
    for (SpdyFrame frame : framing.decode(bytes)) {
      done = done.thenCompose(before -> handle(frame));
    }
    return done;
  }

  @Override
  public void closed() {
    boolean cancel;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      cancel = !joined;
    }
    toAgent.complete();
    if (cancel) {
      Source.fromPublisher(channel.from()).runWith(Sink.cancelled(), materializer);
    }
    toClient.complete();
    framing.close();
  }

  private CompletionStage<Done> handle(SpdyFrame frame) {
    try {
      if (frame instanceof SpdySynStreamFrame opening) {
        return opened(
            opening.streamId(), String.valueOf(opening.headers().getAsString("streamtype")));
      }
      if (frame instanceof SpdyDataFrame data) {
        return data(data);
      }
      if (frame instanceof SpdyPingFrame ping) {
        return send(framing.encode(ping));
      }
      if (frame instanceof SpdyRstStreamFrame reset && isOf(reset.streamId(), StreamFrame.STDIN)) {
        return offer(end(StreamFrame.STDIN));
      }
      return CompletableFuture.completedFuture(Done.getInstance());
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  private CompletionStage<Done> opened(int stream, String type) {
    Byte wanted = CHANNELS.get(type);
    boolean complete;
    synchronized (this) {
      if (wanted == null || !awaited.contains(wanted) || streams.containsKey(wanted)) {
        return send(framing.reset(stream));
      }
      streams.put(wanted, stream);
      channels.put(stream, wanted);
      complete = streams.keySet().containsAll(awaited) && !closed;
      joined |= complete;
    }
    CompletionStage<Done> replied = send(framing.accepted(stream));
    return complete ? replied.thenApply(this::join) : replied;
  }

  private Done join(Done replied) {
    Source.fromPublisher(channel.from())
        .mapAsync(1, this::fromAgent)
        .runWith(Sink.ignore(), materializer)
        .whenComplete((done, failure) -> finish());
    return replied;
  }

  private CompletionStage<Done> fromAgent(ByteString frame) {
    Integer stream = null;
    if (frame.size() > 1) {
      synchronized (this) {
        stream = streams.get(frame.head());
      }
    }
    return stream == null
        ? CompletableFuture.completedFuture(Done.getInstance())
        : send(framing.data(stream, frame.drop(1)));
  }

  /** Ends all streams, the error stream last: the client takes that for the end of the command. */
  private void finish() {
    CompletionStage<Done> done = CompletableFuture.completedFuture(Done.getInstance());
    for (byte kind :
        new byte[] {
          StreamFrame.STDIN,
          StreamFrame.RESIZE,
          StreamFrame.STDOUT,
          StreamFrame.STDERR,
          StreamFrame.ERROR
        }) {
      Integer stream;
      synchronized (this) {
        stream = streams.get(kind);
      }
      if (stream != null) {
        int ended = stream;
        done = done.thenCompose(before -> send(framing.end(ended)));
      }
    }
    done.whenComplete((ended, failure) -> toClient.complete());
  }

  private CompletionStage<Done> data(SpdyDataFrame frame) {
    Byte kind;
    synchronized (this) {
      kind = channels.get(frame.streamId());
    }
    if (kind == null || (kind != StreamFrame.STDIN && kind != StreamFrame.RESIZE)) {
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    byte[] bytes = new byte[frame.content().readableBytes()];
    frame.content().readBytes(bytes);
    CompletionStage<Done> done = CompletableFuture.completedFuture(Done.getInstance());
    if (bytes.length > 0) {
      done = offer(Frames.frame(kind, ByteString.fromArrayUnsafe(bytes)));
    }
    if (frame.isLast() && kind == StreamFrame.STDIN) {
      done = done.thenCompose(before -> offer(end(kind)));
    }
    return done;
  }

  private synchronized boolean isOf(int stream, byte kind) {
    Byte known = channels.get(stream);
    return known != null && known == kind;
  }

  private synchronized boolean waits() {
    return !joined && !closed;
  }

  private void closeUnlessJoined() {
    if (waits()) {
      toClient.complete();
    }
  }

  private static ByteString end(byte kind) {
    return ByteString.fromArrayUnsafe(new byte[] {StreamFrame.CLOSE, kind});
  }

  private CompletionStage<Done> offer(ByteString frame) {
    // An agent that has gone takes no more input; what it said before is still on its way.
    return toAgent.offer(frame).handle((result, failure) -> Done.getInstance());
  }

  private CompletionStage<Done> send(ByteString bytes) {
    return toClient.offer(bytes).thenApply(result -> Done.getInstance());
  }
}
