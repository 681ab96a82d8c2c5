package dev.ensemble.http.server;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;

/**
 * Serves requests. May throw StatusException; anything else that is thrown, or fails the stage, is
 * judged by {@code Failures}.
 */
@FunctionalInterface
public interface Endpoint {
  CompletionStage<HttpResponse> serve(ApiRequest request);
}
