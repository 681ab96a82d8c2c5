package dev.ensemble.core.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads request bodies into canonical objects. Refusals carry upstream's words, so that clients
 * that look for them find them. Safe for use by many threads.
 */
public final class ObjectDecoder {
  /** Kinds that clients send in the version of any group. */
  private static final Set<String> OF_EVERY_VERSION = Set.of("DeleteOptions");

  private final DecodeLimits limits;
  private final JsonFactory json;

  public ObjectDecoder(DecodeLimits limits) {
    this.limits = limits;
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.depthMax())
                    .maxStringLength(limits.bytesMax())
                    .maxDocumentLength(limits.bytesMax())
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
  }

  /** Reads a body that should be of {@code expected}, whose shape is {@code schema}. */
  public DecodeResult decode(
      BodyFormat format,
      byte[] body,
      ApiKind expected,
      Schema.Struct schema,
      DecodeOptions options) {
    if (body.length > limits.bytesMax()) {
      return new DecodeResult.Refused(
          DecodeResult.Reason.TOO_LARGE, "Request entity too large: limit is " + limits.bytesMax());
    }
    List<String> problems = new ArrayList<>();
    if (format == BodyFormat.JSON) {
      try (JsonParser parser = json.createParser(body)) {
        return read(parser, problems, expected, schema, options);
      } catch (IOException e) {
        return unrecognized(expected, "json parse error: " + reason(e));
      }
    }
    JsonNode tree;
    try {
      tree = new YamlTree(limits, problems).read(body);
    } catch (UnreadableYamlException e) {
      return unrecognized(expected, "yaml parse error: " + e.getMessage());
    }
    return read(tree, problems, expected, schema, options);
  }

  /** Brings a tree, such as a patched object, into canonical form. The argument is not changed. */
  public DecodeResult decode(
      JsonNode tree, ApiKind expected, Schema.Struct schema, DecodeOptions options) {
    return read(tree, new ArrayList<>(), expected, schema, options);
  }

  private DecodeResult read(
      JsonNode tree,
      List<String> problems,
      ApiKind expected,
      Schema.Struct schema,
      DecodeOptions options) {
    try (JsonParser parser = tree.traverse()) {
      return read(parser, problems, expected, schema, options);
    } catch (IOException e) {
      return unrecognized(expected, reason(e));
    }
  }

  private DecodeResult read(
      JsonParser parser,
      List<String> problems,
      ApiKind expected,
      Schema.Struct schema,
      DecodeOptions options)
      throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return unrecognized(expected, "json parse error: unexpected end of JSON input");
    }
    SchemaReader reader = new SchemaReader(parser, limits, options, problems);
    ObjectNode object;
    try {
      object = reader.read(schema, first);
    } catch (UnreadableFieldException e) {
      return cannotBeHandled(expected, expected, e.getMessage());
    }
    String apiVersion = textOr(object, "apiVersion", expected.apiVersion());
    if (!apiVersion.equals(expected.apiVersion()) && !OF_EVERY_VERSION.contains(expected.kind())) {
      return refused(
          "the API version in the data (%s) does not match the expected API version (%s)"
              .formatted(apiVersion, expected.apiVersion()));
    }
    String kind = textOr(object, "kind", expected.kind());
    if (!kind.equals(expected.kind())) {
      return cannotBeHandled(
          ApiKind.of(apiVersion, kind), expected, "its kind is not " + expected.kind());
    }
    if (options.fieldValidation() == FieldValidation.STRICT && !problems.isEmpty()) {
      return cannotBeHandled(
          expected, expected, "strict decoding error: " + String.join(", ", problems));
    }
    object.put("apiVersion", apiVersion);
    object.put("kind", kind);
    return new DecodeResult.Decoded(
        object, options.fieldValidation() == FieldValidation.WARN ? problems : List.of());
  }

  private static String textOr(ObjectNode object, String field, String otherwise) {
    return object.path(field).asText(otherwise);
  }

  private static DecodeResult cannotBeHandled(ApiKind given, ApiKind expected, String why) {
    return refused(
        "%s in version \"%s\" cannot be handled as a %s: %s"
            .formatted(given.kind(), given.version(), expected.kind(), why));
  }

  private static DecodeResult unrecognized(ApiKind expected, String why) {
    return refused(
        "the object provided is unrecognized (must be of type %s): couldn't get version/kind; %s"
            .formatted(expected.kind(), why));
  }

  private static DecodeResult refused(String message) {
    return new DecodeResult.Refused(DecodeResult.Reason.BAD_REQUEST, message);
  }

  /** The parser's words without its quotation of the body, which may be a secret. */
  private static String reason(IOException e) {
    if (e instanceof StreamConstraintsException) {
      return "exceeds the limit of depth or size";
    }
    if (e instanceof JsonProcessingException problem && problem.getLocation() != null) {
      return "invalid JSON at line %d, column %d"
          .formatted(problem.getLocation().getLineNr(), problem.getLocation().getColumnNr());
    }
    return "the body cannot be read";
  }
}
