package dev.ensemble.http.describe;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.discovery.AggregatedDiscovery;
import dev.ensemble.core.discovery.DiscoveryDocuments;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.http.request.Accept;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves /api, /apis and below, each as one document or, when asked for, aggregated. */
public final class DiscoveryEndpoint implements PathEndpoint {
  private static final String AGGREGATED = "APIGroupDiscoveryList";

  private final DiscoveryDocuments documents;
  private final AggregatedDiscovery aggregated;
  private final String serverAddress;

  public DiscoveryEndpoint(ResourceTypes types, String serverAddress) {
    this.documents = new DiscoveryDocuments(types);
    this.aggregated = new AggregatedDiscovery(types);
    this.serverAddress = serverAddress;
  }

  @Override
  public boolean serves(String path) {
    return path.equals("/api")
        || path.equals("/apis")
        || path.startsWith("/api/")
        || path.startsWith("/apis/");
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    return CompletableFuture.completedFuture(answer(request));
  }

  private HttpResponse answer(ApiRequest request) {
    String path = strip(request.info().path());
    if (path.equals("/api") || path.equals("/apis")) {
      Optional<AggregatedDiscovery.Version> version = aggregatedVersion(request);
      if (version.isPresent()) {
        ObjectNode document =
            path.equals("/api") ? aggregated.core(version.get()) : aggregated.groups(version.get());
        return aggregatedAnswer(document, version.get());
      }
      return Responses.tree(
          200,
          path.equals("/api") ? documents.versions(serverAddress) : documents.groups(),
          request.form(),
          request.query());
    }
    Optional<ObjectNode> document =
        path.startsWith("/api/")
            ? documents.resources(path.substring("/api/".length()))
            : below(path.substring("/apis/".length()));
    return document
        .map(found -> Responses.tree(200, found, request.form(), request.query()))
        .orElseGet(Responses::pageNotFound);
  }

  private Optional<ObjectNode> below(String rest) {
    return rest.indexOf('/') < 0 ? documents.group(rest) : documents.resources(rest);
  }

  private static Optional<AggregatedDiscovery.Version> aggregatedVersion(ApiRequest request) {
    for (Accept.Range range : Accept.parse(request.header("Accept"))) {
      if (range.parameter("as").equals(AGGREGATED)
          && range.parameter("g").equals("apidiscovery.k8s.io")) {
        if (range.parameter("v").equals("v2")) {
          return Optional.of(AggregatedDiscovery.Version.V2);
        }
        if (range.parameter("v").equals("v2beta1")) {
          return Optional.of(AggregatedDiscovery.Version.V2BETA1);
        }
      } else if (range.parameter("as").isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static HttpResponse aggregatedAnswer(
      ObjectNode document, AggregatedDiscovery.Version version) {
    String v = version == AggregatedDiscovery.Version.V2 ? "v2" : "v2beta1";
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(
                ContentTypes.parse(
                    "application/json;g=apidiscovery.k8s.io;v=" + v + ";as=" + AGGREGATED),
                ByteString.fromArrayUnsafe(Json.bytes(document))))
        .addHeader(RawHeader.create("Vary", "Accept"));
  }

  private static String strip(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
