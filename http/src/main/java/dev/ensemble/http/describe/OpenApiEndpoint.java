package dev.ensemble.http.describe;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.openapi.OpenApiDocuments;
import dev.ensemble.http.protobuf.OpenApiV2Protobuf;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Serves /openapi/v3 by group version and /openapi/v2 as JSON and protobuf. */
public final class OpenApiEndpoint implements PathEndpoint {
  private static final String V3 = "/openapi/v3";

  private static final ContentType PROTOBUF = ContentTypes.parse(OpenApiV2Protobuf.MEDIA_TYPE);

  private final Supplier<OpenApiDocuments> documents;

  // Guarded by this; empty until it is asked for.
  private Optional<V2> v2 = Optional.empty();

  /** Version 2 in both of its forms, made together from one document. */
  private record V2(HttpEntity.Strict json, HttpEntity.Strict protobuf) {}

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
      boolean protobuf = wantsProtobuf(request.header("Accept"));
      return HttpResponse.create().withEntity(protobuf ? v2().protobuf() : v2().json());
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

  private synchronized V2 v2() {
    if (v2.isEmpty()) {
      ObjectNode document = documents.get().v2();
      v2 =
          Optional.of(
              new V2(
                  HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.bytes(document)),
                  HttpEntities.create(PROTOBUF, OpenApiV2Protobuf.encode(document))));
    }
    return v2.get();
  }

  /** The form that is named first; without any, JSON. */
  private static boolean wantsProtobuf(String accept) {
    int named = accept.indexOf(OpenApiV2Protobuf.ACCEPTED_AS);
    int protobuf = named < 0 ? accept.indexOf(OpenApiV2Protobuf.MEDIA_TYPE) : named;
    int json = accept.indexOf("application/json");
    return protobuf >= 0 && (json < 0 || protobuf < json);
  }
}
