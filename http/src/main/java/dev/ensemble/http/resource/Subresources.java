package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.server.ApiRequest;
import java.util.concurrent.CompletionStage;

/** Serves the streaming subresources of pods: log, exec, attach, portforward. */
@FunctionalInterface
public interface Subresources {
  CompletionStage<HttpResponse> serve(ApiRequest request, Target pods);
}
