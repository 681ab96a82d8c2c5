package dev.ensemble.core.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.Schema;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Path elements in their published text: {@code f:name}, {@code k:{…}}, {@code v:…}, {@code i:0}.
 */
final class PathElement {
  static final String SELF = ".";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String HEXADECIMAL = "0123456789abcdef";

  private PathElement() {}

  static String field(String name) {
    return "f:".concat(name);
  }

  static boolean isField(String element) {
    return element.startsWith("f:");
  }

  static String fieldName(String element) {
    return element.substring(2);
  }

  /** The element of a list or set that the item is; empty if it has no valid key. */
  static Optional<String> item(Schema.ListOf list, JsonNode item) {
    return Shapes.itemError(list, item).isPresent()
        ? Optional.empty()
        : Optional.of(validItem(list, item));
  }

  /** As {@link #item}, for items that are known to have a key. */
  static String validItem(Schema.ListOf list, JsonNode item) {
    StringBuilder text = new StringBuilder(32);
    if (list.kind() == Schema.ListKind.SET) {
      scalar(text.append("v:"), item);
      return text.toString();
    }
    if (list.keys().size() == 1) {
      text.append("k:{");
      keyField(text, list, list.keys().get(0), item);
      return text.append('}').toString();
    }
    text.append("k:{");
    String separator = "";
    for (Iterator<String> keys = list.keys().stream().sorted().iterator(); keys.hasNext(); ) {
      text.append(separator);
      keyField(text, list, keys.next(), item);
      separator = ",";
    }
    return text.append('}').toString();
  }

  private static void keyField(StringBuilder text, Schema.ListOf list, String key, JsonNode item) {
    quote(text, key);
    scalar(text.append(':'), Shapes.keyValue(list, key, item).orElseThrow());
  }

  /** The same element as every writer would write it; empty if it is none. */
  static Optional<String> canonical(String element) {
    if (element.equals(SELF) || element.startsWith("f:")) {
      return Optional.of(element);
    }
    try {
      if (element.startsWith("i:")) {
        return Optional.of("i:" + Integer.parseInt(element.substring(2)));
      }
      if (element.startsWith("v:")) {
        StringBuilder text = new StringBuilder("v:");
        scalar(text, MAPPER.readTree(element.substring(2)));
        return Optional.of(text.toString());
      }
      if (element.startsWith("k:")
          && MAPPER.readTree(element.substring(2)) instanceof ObjectNode o) {
        return Optional.of(canonicalKey(o));
      }
      return Optional.empty();
    } catch (JsonProcessingException | NumberFormatException wrong) {
      return Optional.empty();
    }
  }

  private static String canonicalKey(ObjectNode key) {
    TreeMap<String, JsonNode> sorted = new TreeMap<>();
    key.fields().forEachRemaining(field -> sorted.put(field.getKey(), field.getValue()));
    StringBuilder text = new StringBuilder("k:{");
    for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
      quote(text.append(text.length() == 3 ? "" : ","), field.getKey());
      scalar(text.append(':'), field.getValue());
    }
    return text.append('}').toString();
  }

  /** For people: {@code .name}, {@code [name="a"]}, {@code [="a"]}, {@code [0]}. */
  static void print(StringBuilder text, String element) {
    String content = element.substring(2);
    switch (element.charAt(0)) {
      case 'f' -> text.append('.').append(content);
      case 'v' -> text.append("[=").append(content).append(']');
      case 'k' -> {
        text.append('[');
        String separator = "";
        for (Iterator<Map.Entry<String, JsonNode>> fields = key(content); fields.hasNext(); ) {
          Map.Entry<String, JsonNode> field = fields.next();
          text.append(separator).append(field.getKey()).append('=').append(field.getValue());
          separator = ",";
        }
        text.append(']');
      }
      default -> text.append('[').append(content).append(']');
    }
  }

  private static Iterator<Map.Entry<String, JsonNode>> key(String json) {
    try {
      return MAPPER.readTree(json).fields();
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException("no key of a list element: " + json, wrong);
    }
  }

  private static void scalar(StringBuilder text, JsonNode value) {
    if (value.isTextual()) {
      quote(text, value.textValue());
    } else {
      text.append(value);
    }
  }

  /** JSON text as the writers of managedFields write it, with HTML's own characters escaped. */
  static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
        escape(text, c);
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private static void escape(StringBuilder text, char c) {
    switch (c) {
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          text.append(HEXADECIMAL.charAt((c >> shift) & 0xf));
        }
      }
    }
  }
}
