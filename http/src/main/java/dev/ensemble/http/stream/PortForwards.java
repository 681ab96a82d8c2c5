package dev.ensemble.http.stream;

import akka.http.javadsl.model.HttpResponse;
import akka.stream.Materializer;
import akka.stream.SharedKillSwitch;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import java.util.concurrent.CompletionStage;

/** Serves port-forward. */
final class PortForwards {
  PortForwards(Materializer materializer, Rendezvous rendezvous, SharedKillSwitch stop) {}

  CompletionStage<HttpResponse> serve(ApiRequest request, StreamingPod pod) {
    throw Statuses.badRequest("unable to upgrade: port-forward is not served yet");
  }
}
