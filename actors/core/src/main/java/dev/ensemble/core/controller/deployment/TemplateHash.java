package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** The value of {@code pod-template-hash}: FNV-1a of a pod template, safe to use in names. */
final class TemplateHash {
  static final String LABEL = "pod-template-hash";

  // Upstream's alphabet: no vowels and no look-alikes, so no words come out by chance.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  /** The same number may have been parsed as int or as long. */
  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (one, other) -> {
        if (one.isNumber() && other.isNumber()) {
          return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
      };

  private TemplateHash() {}

  /** {@code collisions} makes another hash when a name is taken. */
  static String of(JsonNode template, long collisions) {
    int hash = fnv(FNV_OFFSET, canonical(template));
    if (collisions > 0) {
      hash = fnv(hash, Long.toString(collisions));
    }
    StringBuilder safe = new StringBuilder();
    Integer.toUnsignedString(hash)
        .chars()
        .forEach(digit -> safe.append(ALPHABET.charAt(digit % ALPHABET.length())));
    return safe.toString();
  }

  /** Whether two templates are the same, whatever hash label they carry. */
  static boolean sameTemplate(JsonNode one, JsonNode other) {
    return withoutLabel(one).equals(NUMBERS_BY_VALUE, withoutLabel(other));
  }

  private static JsonNode withoutLabel(JsonNode template) {
    ObjectNode copy = template.deepCopy();
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      if (metadata.path("labels") instanceof ObjectNode labels) {
        labels.remove(LABEL);
        if (labels.isEmpty()) {
          metadata.remove("labels");
        }
      }
      if (metadata.isEmpty()) {
        copy.remove("metadata");
      }
    }
    return copy;
  }

  private static int fnv(int start, String text) {
    int hash = start;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash ^= octet & 0xff;
      hash *= FNV_PRIME;
    }
    return hash;
  }

  /** The text of a tree whatever the order of its fields. */
  private static String canonical(JsonNode node) {
    StringBuilder text = new StringBuilder();
    write(node, text);
    return text.toString();
  }

  private static void write(JsonNode node, StringBuilder text) {
    if (node.isObject()) {
      Map<String, JsonNode> fields = new TreeMap<>();
      node.fields().forEachRemaining(field -> fields.put(field.getKey(), field.getValue()));
      text.append('{');
      fields.forEach(
          (name, value) -> {
            text.append(name).append(':');
            write(value, text);
            text.append(',');
          });
      text.append('}');
    } else if (node.isArray()) {
      text.append('[');
      for (JsonNode element : node) {
        write(element, text);
        text.append(',');
      }
      text.append(']');
    } else {
      text.append(node);
    }
  }
}
