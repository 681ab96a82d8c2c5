package dev.ensemble.http.describe;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import dev.ensemble.core.openapi.OpenApiDocuments;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Statuses;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Serves /openapi/v3 by group version and /openapi/v2 as JSON. */
public final class OpenApiEndpoint implements PathEndpoint {
  private static final String V3 = "/openapi/v3";

  private final Supplier<OpenApiDocuments> documents;

  /**
   * @param documents asked for at the first request: making them takes a while
   */
  public OpenApiEndpoint(Supplier<OpenApiDocuments> documents) {
    this.documents = documents;
  }

  @Override
  public boolean serves(String path) {
    return path.equals("/openapi/v2") || path.equals(V3) || path.startsWith(V3 + "/");
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    return CompletableFuture.completedFuture(answer(request));
  }

  private HttpResponse answer(ApiRequest request) {
    String path = request.info().path();
    if (path.equals("/openapi/v2")) {
      String accept = request.header("Accept");
      if (accept.contains("proto-openapi") && !accept.contains("json")) {
        throw Statuses.notAcceptable(List.of("application/json"));
      }
      return Responses.json(200, documents.get().v2());
    }
    if (path.equals(V3) || path.equals(V3 + "/")) {
      return Responses.json(200, documents.get().index());
    }
    Optional<byte[]> document = documents.get().v3(path.substring(V3.length() + 1));
    if (document.isEmpty()) {
      return Responses.pageNotFound();
    }
    HttpResponse response = Responses.json(200, document.get());
    return request.query().has("hash")
        ? response.addHeader(RawHeader.create("Etag", "\"" + request.query().get("hash") + "\""))
        : response;
  }
}
