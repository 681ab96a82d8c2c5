package dev.ensemble.http.stream;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.Materializer;
import akka.stream.OverflowStrategy;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import akka.util.ByteString;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A client's SPDY connection as a flow of its bytes, whatever carries them. */
final class SpdyFlow {
  /** Frames that wait for one client before its senders are held up. */
  private static final int BUFFERED_FRAMES = 64;

  /** Senders at once: two streams for each pair of a connection. */
  private static final int OFFERS_MAX = 1024;

  private SpdyFlow() {}

  /** What happens on one connection. */
  interface Connection {
    /** Takes bytes from the client. The stage completes when they are handed on. */
    CompletionStage<Done> received(ByteString bytes);

    /** The connection is gone. */
    void closed();
  }

  static Flow<ByteString, ByteString, NotUsed> of(
      Materializer materializer,
      SharedKillSwitch stop,
      Function<SourceQueueWithComplete<ByteString>, Connection> made) {
    Pair<SourceQueueWithComplete<ByteString>, Source<ByteString, NotUsed>> toClient =
        Source.<ByteString>queue(BUFFERED_FRAMES, OverflowStrategy.backpressure(), OFFERS_MAX)
            .preMaterialize(materializer);
    Connection connection = made.apply(toClient.first());
    Sink<ByteString, NotUsed> inbound =
        Flow.<ByteString>create().mapAsync(1, connection::received).to(Sink.ignore());
    return Flow.fromSinkAndSourceCoupled(inbound, toClient.second())
        .via(stop.flow())
        .watchTermination(
            (unused, done) -> {
              done.whenComplete((ended, failure) -> connection.closed());
              return NotUsed.getInstance();
            });
  }
}
