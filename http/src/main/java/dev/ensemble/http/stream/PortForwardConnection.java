package dev.ensemble.http.stream;

import akka.Done;
import akka.stream.Materializer;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import akka.util.ByteString;
import dev.ensemble.protocol.StreamFrame;
import dev.ensemble.protocol.StreamRequest;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's port-forward connection: pairs of SPDY streams, one for bytes and one for errors,
 * each pair joined to a channel of the agent. Frames from the client are taken one at a time; a
 * slow port holds up the whole connection, never memory.
 */
final class PortForwardConnection implements SpdyFlow.Connection {
  private static final Logger LOG = LoggerFactory.getLogger(PortForwardConnection.class);

  /** Pairs open at once on one connection. */
  private static final int PAIRS_MAX = 256;

  /** Frames that wait for an agent before the client is held up. */
  private static final int BUFFERED_FRAMES = 16;

  private final StreamingPod pod;
  private final Rendezvous rendezvous;
  private final Materializer materializer;
  private final SourceQueueWithComplete<ByteString> toClient;
  private final SpdyFraming framing = new SpdyFraming();

  // Guarded by this.
  private final Map<String, Pair> pairs = new HashMap<>();
  private final Map<Integer, Pair> byDataStream = new HashMap<>();

  /** The two streams of one forwarded connection; 0 for the one that is not there yet. */
  private static final class Pair {
    private int data;
    private int error;
    private int port;
    private boolean opened;
    private SourceQueueWithComplete<ByteString> toAgent;
  }

  PortForwardConnection(
      StreamingPod pod,
      Rendezvous rendezvous,
      Materializer materializer,
      SourceQueueWithComplete<ByteString> toClient) {
    this.pod = pod;
    this.rendezvous = rendezvous;
    this.materializer = materializer;
    this.toClient = toClient;
  }

  @Override
  public CompletionStage<Done> received(ByteString bytes) {
    List<SpdyFrame> frames = framing.decode(bytes);
    CompletionStage<Done> done = CompletableFuture.completedFuture(Done.getInstance());
    for (SpdyFrame frame : frames) {
      done = done.thenCompose(before -> handle(frame));
    }
    return done;
  }

  @Override
  public void closed() {
    synchronized (this) {
      pairs.values().stream()
          .filter(pair -> pair.toAgent != null)
          .forEach(pair -> pair.toAgent.complete());
      pairs.clear();
      byDataStream.clear();
    }
    toClient.complete();
    framing.close();
  }

  private CompletionStage<Done> handle(SpdyFrame frame) {
    try {
      if (frame instanceof SpdySynStreamFrame opening) {
        return opened(opening.streamId(), opening.headers());
      }
      if (frame instanceof SpdyDataFrame data) {
        return data(data);
      }
      if (frame instanceof SpdyPingFrame ping) {
        return send(framing.encode(ping));
      }
      if (frame instanceof SpdyRstStreamFrame reset) {
        return ended(reset.streamId());
      }
      return CompletableFuture.completedFuture(Done.getInstance());
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  private CompletionStage<Done> opened(int stream, SpdyHeaders headers) {
    String type = String.valueOf(headers.getAsString("streamtype"));
    String id = String.valueOf(headers.getAsString("requestid"));
    int port = port(headers.getAsString("port"));
    Pair complete = null;
    synchronized (this) {
      boolean known = pairs.containsKey(id);
      if (port == 0 || (!known && pairs.size() >= PAIRS_MAX)) {
        return send(framing.reset(stream));
      }
      Pair pair = pairs.computeIfAbsent(id, key -> new Pair());
      pair.port = port;
      if (type.equals("error")) {
        pair.error = stream;
      } else {
        pair.data = stream;
        byDataStream.put(stream, pair);
      }
      if (pair.data != 0 && pair.error != 0 && !pair.opened) {
        pair.opened = true;
        complete = pair;
      }
    }
    Pair ready = complete;
    CompletionStage<Done> replied = send(framing.accepted(stream));
    return ready == null ? replied : replied.thenCompose(done -> connect(id, ready));
  }

  private CompletionStage<Done> connect(String id, Pair pair) {
    CompletionStage<AgentChannel> channel;
    try {
      channel =
          rendezvous.open(pod.requireNode(), new StreamRequest.PortForward(pod.uid(), pair.port));
    } catch (RuntimeException e) {
      channel = CompletableFuture.failedFuture(e);
    }
    return channel.handle(
        (opened, failure) -> {
          if (failure != null) {
            LOG.debug("port {} of pod {} cannot be reached", pair.port, pod.name(), failure);
            fail(
                id,
                pair,
                "an error occurred forwarding to port "
                    + pair.port
                    + ": "
                    + dev.ensemble.http.status.Failures.unwrap(failure).getMessage());
          } else {
            join(id, pair, opened);
          }
          return Done.getInstance();
        });
  }

  private void join(String id, Pair pair, AgentChannel channel) {
    SourceQueueWithComplete<ByteString> queue =
        Source.<ByteString>queue(BUFFERED_FRAMES, OverflowStrategy.backpressure())
            .to(Sink.fromSubscriber(channel.to()))
            .run(materializer);
    synchronized (this) {
      pair.toAgent = queue;
    }
    Source.fromPublisher(channel.from())
        .mapAsync(1, frame -> fromAgent(pair, frame))
        .runWith(Sink.ignore(), materializer)
        .whenComplete((done, failure) -> finish(id, pair));
  }

  private CompletionStage<Done> fromAgent(Pair pair, ByteString frame) {
    if (frame.size() < 2) {
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    byte channel = frame.head();
    if (channel == StreamFrame.ERROR) {
      return send(framing.data(pair.error, frame.drop(1)));
    }
    return channel == StreamFrame.CLOSE
        ? CompletableFuture.completedFuture(Done.getInstance())
        : send(framing.data(pair.data, frame.drop(1)));
  }

  private CompletionStage<Done> data(SpdyDataFrame frame) {
    Pair pair;
    synchronized (this) {
      pair = byDataStream.get(frame.streamId());
    }
    if (pair == null || pair.toAgent == null) {
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    byte[] bytes = new byte[frame.content().readableBytes()];
    frame.content().readBytes(bytes);
    CompletionStage<?> offered = CompletableFuture.completedFuture(null);
    if (bytes.length > 0) {
      offered =
          pair.toAgent.offer(Frames.frame(StreamFrame.STDIN, ByteString.fromArrayUnsafe(bytes)));
    }
    if (frame.isLast()) {
      ByteString close =
          ByteString.fromArrayUnsafe(new byte[] {StreamFrame.CLOSE, StreamFrame.STDIN});
      offered = offered.thenCompose(before -> pair.toAgent.offer(close));
    }
    return offered.handle((done, failure) -> Done.getInstance());
  }

  private CompletionStage<Done> ended(int stream) {
    Pair pair;
    synchronized (this) {
      pair = byDataStream.remove(stream);
      pairs.values().remove(pair);
    }
    if (pair != null && pair.toAgent != null) {
      pair.toAgent.complete();
    }
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private void fail(String id, Pair pair, String why) {
    send(framing.data(pair.error, ByteString.fromString(why)))
        .thenCompose(done -> send(framing.end(pair.error)))
        .thenCompose(done -> send(framing.reset(pair.data)))
        .whenComplete((done, failure) -> forget(id, pair));
  }

  private void finish(String id, Pair pair) {
    send(framing.end(pair.data))
        .thenCompose(done -> send(framing.end(pair.error)))
        .whenComplete((done, failure) -> forget(id, pair));
  }

  private void forget(String id, Pair pair) {
    synchronized (this) {
      pairs.remove(id, pair);
      byDataStream.remove(pair.data, pair);
    }
    if (pair.toAgent != null) {
      pair.toAgent.complete();
    }
  }

  private CompletionStage<Done> send(ByteString bytes) {
    return toClient.offer(bytes).thenApply(result -> Done.getInstance());
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port > 0 && port < 65536 ? port : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
