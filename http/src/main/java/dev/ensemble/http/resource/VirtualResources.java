package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import dev.ensemble.core.resource.VirtualResource;
import dev.ensemble.http.server.ApiRequest;
import java.util.concurrent.CompletionStage;

/** Serves resources that are answered and never stored, such as access reviews. */
@FunctionalInterface
public interface VirtualResources {
  CompletionStage<HttpResponse> create(ApiRequest request, VirtualResource resource);
}
