package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.decode.BodyFormat;
import dev.ensemble.core.decode.DecodeLimits;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.decode.DecodeResult;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.decode.ObjectDecoder;
import dev.ensemble.core.json.MergePatch;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Objects for tests, read as request bodies are. */
public final class Objects {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectDecoder DECODER = new ObjectDecoder(DecodeLimits.standard());

  private Objects() {}

  /** Reads JSON in which quotes may be single. */
  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object with a merge patch applied. */
  public static ObjectNode with(ObjectNode object, String patch) {
    return MergePatch.apply(object.deepCopy(), json(patch));
  }

  /** A request body in canonical form. */
  public static ObjectNode yaml(String text) {
    return yaml(text, DecodeOptions.Zeros.CANONICAL);
  }

  /** An object with all that is written down. */
  public static ObjectNode literal(String text) {
    return yaml(text, DecodeOptions.Zeros.AS_GIVEN);
  }

  private static ObjectNode yaml(String text, DecodeOptions.Zeros zeros) {
    JsonNode kind = tree(text);
    ApiKind expected = ApiKind.of(kind.path("apiVersion").asText(), kind.path("kind").asText());
    DecodeResult result =
        DECODER.decode(
            BodyFormat.YAML,
            text.getBytes(StandardCharsets.UTF_8),
            expected,
            Definitions.builtIn().byKind(expected).orElseThrow(),
            new DecodeOptions(FieldValidation.STRICT, zeros));
    if (result instanceof DecodeResult.Decoded decoded) {
      return decoded.object();
    }
    throw new AssertionError(result);
  }

  private static JsonNode tree(String text) {
    ObjectNode head = JSON.createObjectNode();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("apiVersion: ") || line.startsWith("kind: ")) {
        String[] parts = line.split(": ", 2);
        head.put(parts[0], parts[1].strip());
      }
    }
    return head;
  }

  /** A resource of the test class path, next to this package's parent. */
  public static String resource(Class<?> beside, String name) {
    try (var in = beside.getResourceAsStream(name)) {
      return new String(
          Optional.ofNullable(in).orElseThrow(() -> new AssertionError(name)).readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
