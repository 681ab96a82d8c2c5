package dev.ensemble.http.stream;

import akka.NotUsed;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.stream.Materializer;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Serves port-forward: SPDY frames on a connection of their own or in WebSocket messages
 * (KEP-4006).
 */
final class PortForwards {
  private static final String PROTOCOL = "SPDY/3.1+portforward.k8s.io";

  private static final String SPDY_PROTOCOL = "portforward.k8s.io";

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
    Flow<ByteString, ByteString, NotUsed> connection =
        SpdyFlow.of(
            materializer,
            stop,
            toClient -> new PortForwardConnection(pod, rendezvous, materializer, toClient));
    Optional<SpdyUpgrade> spdy = SpdyUpgrade.of(request);
    if (spdy.isPresent()) {
      String protocol = spdy.get().protocol(List.of(SPDY_PROTOCOL));
      return CompletableFuture.completedFuture(spdy.get().response(protocol, connection));
    }
    WebSocketUpgrade upgrade =
        request
            .http()
            .getAttribute(AttributeKeys.webSocketUpgrade)
            .orElseThrow(
                () -> Statuses.badRequest("unable to upgrade: WebSocket or SPDY/3.1 is needed"));
    if (!request.header("Sec-WebSocket-Protocol").contains(PROTOCOL)) {
      throw Statuses.badRequest("unable to upgrade: the subprotocol must be " + PROTOCOL);
    }
    // The name is no token of HTTP, so akka-http does not take it as a subprotocol.
    return CompletableFuture.completedFuture(
        upgrade
            .handleMessagesWith(
                Frames.ofMessages(materializer).via(connection).map(Frames::message))
            .addHeader(RawHeader.create("Sec-WebSocket-Protocol", PROTOCOL)));
  }
}
