package dev.ensemble.http.server;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensemble.http.request.Query;
import dev.ensemble.http.request.ResponseForm;
import dev.ensemble.http.status.StatusException;
import java.io.IOException;

/** Makes responses with strict entities. */
public final class Responses {
  private static final ContentType YAML = ContentTypes.parse("application/yaml");
  private static final ContentType TEXT = ContentTypes.TEXT_PLAIN_UTF8;
  private static final YAMLMapper YAML_MAPPER =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  private Responses() {}

  /** JSON that is ready to send; the array is not copied and must not change any more. */
  public static HttpResponse json(int code, byte[] json) {
    return HttpResponse.create()
        .withStatus(code)
        .withEntity(
            HttpEntities.create(ContentTypes.APPLICATION_JSON, ByteString.fromArrayUnsafe(json)));
  }

  public static HttpResponse json(int code, JsonNode tree) {
    return json(code, Json.bytes(tree));
  }

  /** A tree in the encoding that the client accepts; {@code pretty} in the query counts. */
  public static HttpResponse tree(int code, JsonNode tree, ResponseForm form, Query query) {
    if (form.encoding() == ResponseForm.Encoding.YAML) {
      return yaml(code, tree);
    }
    return json(code, query.isTrue("pretty") ? Json.prettyBytes(tree) : Json.bytes(tree));
  }

  /** Stored bytes in the encoding that the client accepts, parsed only when they must be. */
  public static HttpResponse stored(int code, byte[] json, ResponseForm form, Query query) {
    boolean asIs = form.encoding() == ResponseForm.Encoding.JSON && !query.isTrue("pretty");
    return asIs ? json(code, json) : tree(code, Json.tree(json), form, query);
  }

  public static HttpResponse text(int code, String text) {
    return HttpResponse.create()
        .withStatus(code)
        .withEntity(HttpEntities.create(TEXT, ByteString.fromString(text)));
  }

  /** A failure's Status as JSON, with the headers that belong to it. */
  public static HttpResponse failure(StatusException failure) {
    ObjectNode status = failure.status();
    HttpResponse response = json(failure.code(), status);
    JsonNode retryAfter = status.path("details").path("retryAfterSeconds");
    return retryAfter.isMissingNode()
        ? response
        : response.addHeader(RawHeader.create("Retry-After", retryAfter.asText()));
  }

  /** What upstream's mux answers for a path that nothing serves. */
  public static HttpResponse pageNotFound() {
    return text(StatusCodes.NOT_FOUND.intValue(), "404 page not found\n");
  }

  private static HttpResponse yaml(int code, JsonNode tree) {
    try {
      return HttpResponse.create()
          .withStatus(code)
          .withEntity(
              HttpEntities.create(
                  YAML, ByteString.fromArrayUnsafe(YAML_MAPPER.writeValueAsBytes(tree))));
    } catch (IOException e) {
      throw new IllegalStateException("a tree does not encode", e);
    }
  }
}
