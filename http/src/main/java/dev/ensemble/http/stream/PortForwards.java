package dev.ensemble.http.stream;

import akka.NotUsed;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.japi.Pair;
import akka.stream.Materializer;
import akka.stream.OverflowStrategy;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import akka.util.ByteString;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves port-forward as SPDY frames inside WebSocket messages (KEP-4006). */
final class PortForwards {
  private static final String PROTOCOL = "SPDY/3.1+portforward.k8s.io";

  /** Frames that wait for one client before its ports are held up. */
  private static final int BUFFERED_FRAMES = 64;

  /** Senders at once: two streams for each pair of a connection. */
  private static final int OFFERS_MAX = 1024;

  private final Materializer materializer;
  private final Rendezvous rendezvous;
  private final SharedKillSwitch stop;

  PortForwards(Materializer materializer, Rendezvous rendezvous, SharedKillSwitch stop) {
    this.materializer = materializer;
    this.rendezvous = rendezvous;
    this.stop = stop;
  }

  CompletionStage<HttpResponse> serve(ApiRequest request, StreamingPod pod) {
    pod.requireNode();
    WebSocketUpgrade upgrade =
        request
            .http()
            .getAttribute(AttributeKeys.webSocketUpgrade)
            .orElseThrow(() -> Statuses.badRequest("unable to upgrade: websockets are needed"));
    if (!request.header("Sec-WebSocket-Protocol").contains(PROTOCOL)) {
      throw Statuses.badRequest("unable to upgrade: the subprotocol must be " + PROTOCOL);
    }
    // The name is no token of HTTP, so akka-http does not take it as a subprotocol.
    return CompletableFuture.completedFuture(
        upgrade
            .handleMessagesWith(connection(pod))
            .addHeader(RawHeader.create("Sec-WebSocket-Protocol", PROTOCOL)));
  }

  private Flow<Message, Message, NotUsed> connection(StreamingPod pod) {
    Pair<SourceQueueWithComplete<ByteString>, Source<ByteString, NotUsed>> toClient =
        Source.<ByteString>queue(BUFFERED_FRAMES, OverflowStrategy.backpressure(), OFFERS_MAX)
            .preMaterialize(materializer);
    PortForwardConnection connection =
        new PortForwardConnection(pod, rendezvous, materializer, toClient.first());
    Sink<Message, NotUsed> inbound =
        Frames.ofMessages(materializer).mapAsync(1, connection::received).to(Sink.ignore());
    return Flow.fromSinkAndSourceCoupled(inbound, toClient.second())
        .via(stop.flow())
        .map(Frames::message)
        .watchTermination(
            (unused, done) -> {
              done.whenComplete((ended, failure) -> connection.closed());
              return NotUsed.getInstance();
            });
  }
}
