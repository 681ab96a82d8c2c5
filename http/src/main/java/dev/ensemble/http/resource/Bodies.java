package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.decode.BodyFormat;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.decode.DecodeResult;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.decode.ObjectDecoder;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import java.util.List;

/** Reads request bodies, whatever their media type, into canonical objects. */
public final class Bodies {
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  private final ObjectDecoder decoder;
  private final Protobuf protobuf;

  /** Turns a protobuf body into the same object as JSON. */
  @FunctionalInterface
  public interface Protobuf {
    /**
     * @throws IllegalArgumentException when the bytes are no such object
     */
    ObjectNode json(byte[] body);
  }

  public Bodies(ObjectDecoder decoder, Protobuf protobuf) {
    this.decoder = decoder;
    this.protobuf = protobuf;
  }

  public ObjectNode read(ApiRequest request, ResourceType type, FieldValidation validation) {
    return read(request, kind(type), type.schema(), DecodeOptions.of(validation));
  }

  public ObjectNode read(
      ApiRequest request, ApiKind kind, Schema.Struct schema, DecodeOptions options) {
    byte[] body = request.body().toArrayUnsafe();
    DecodeResult result =
        switch (request.mediaType()) {
          case "", JSON -> decoder.decode(BodyFormat.JSON, body, kind, schema, options);
          case YAML -> decoder.decode(BodyFormat.YAML, body, kind, schema, options);
          case PROTOBUF -> decoder.decode(ofProtobuf(body), kind, schema, options);
          default -> throw Statuses.unsupportedMediaType(List.of(JSON, YAML, PROTOBUF));
        };
    return accept(request, result);
  }

  /** Reads YAML or JSON, as apply patches are sent whatever their subresource. */
  public ObjectNode readApplied(ApiRequest request, ResourceType type, DecodeOptions options) {
    return accept(
        request,
        decoder.decode(
            BodyFormat.YAML, request.body().toArrayUnsafe(), kind(type), type.schema(), options));
  }

  /** Brings a patched object into canonical form. */
  public ObjectNode canonical(
      ApiRequest request, JsonNode tree, ResourceType type, FieldValidation validation) {
    return accept(
        request, decoder.decode(tree, kind(type), type.schema(), DecodeOptions.of(validation)));
  }

  private JsonNode ofProtobuf(byte[] body) {
    try {
      return protobuf.json(body);
    } catch (IllegalArgumentException e) {
      throw Statuses.badRequest(e.getMessage());
    }
  }

  private static ObjectNode accept(ApiRequest request, DecodeResult result) {
    return result.match(
        new DecodeResult.Cases<>() {
          @Override
          public ObjectNode decoded(DecodeResult.Decoded decoded) {
            decoded.warnings().forEach(request::warn);
            return decoded.object();
          }

          @Override
          public ObjectNode refused(DecodeResult.Refused refused) {
            throw refused.reason() == DecodeResult.Reason.TOO_LARGE
                ? Statuses.tooLarge(request.body().size())
                : Statuses.badRequest(refused.message());
          }
        });
  }

  static ApiKind kind(ResourceType type) {
    return new ApiKind(type.group(), type.version(), type.kind());
  }
}
