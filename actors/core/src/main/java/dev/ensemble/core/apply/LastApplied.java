package dev.ensemble.core.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonDepth;
import dev.ensemble.core.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * kubectl's annotation of client-side apply. Who moves from client-side to server-side apply with
 * the same tool meets no conflicts over what it applied itself, and the annotation is kept true, so
 * that the way back works too.
 */
final class LastApplied {
  /** The manager name by which kubectl applies; others do not take part. */
  static final String KUBECTL = "kubectl";

  private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  /** All annotations of an object together, names and values in bytes; the validation's limit. */
  private static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private LastApplied() {}

  /** The fields that were applied client-side and have not changed since. */
  static Optional<FieldSet> unchanged(ObjectNode live, String apiVersion, Schema schema) {
    String text = annotation(live);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode applied
          && !JsonDepth.exceeded(applied)
          && applied.path("apiVersion").asText().equals(apiVersion)) {
        Comparison change = Comparison.of(applied, live, schema);
        return Optional.of(
            OwnedFields.ofApplied(applied, schema)
                .difference(change.modified())
                .difference(change.added())
                .difference(change.removed()));
      }
      return Optional.empty();
    } catch (JsonProcessingException | UntypedException unreadable) {
      return Optional.empty();
    }
  }

  /** Brings the annotation of {@code result} up to date, if it has one. */
  static void refresh(ObjectNode result, ObjectNode applied) {
    if (annotation(result).isEmpty()) {
      return;
    }
    ObjectNode annotations = (ObjectNode) result.get("metadata").get("annotations");
    annotations.put(ANNOTATION, text(applied));
    if (bytes(annotations) > ANNOTATIONS_BYTES_MAX) {
      annotations.remove(ANNOTATION);
    }
  }

  private static String annotation(ObjectNode object) {
    return object.path("metadata").path("annotations").path(ANNOTATION).asText();
  }

  private static String text(ObjectNode applied) {
    ObjectNode plain = applied.deepCopy();
    if (plain.path("metadata").path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(ANNOTATION);
    }
    try {
      return MAPPER.writeValueAsString(plain) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a JSON tree has no text", impossible);
    }
  }

  private static long bytes(ObjectNode annotations) {
    long total = 0;
    for (Iterator<Map.Entry<String, JsonNode>> fields = annotations.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      total += field.getKey().getBytes(StandardCharsets.UTF_8).length;
      total += field.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
    }
    return total;
  }
}
