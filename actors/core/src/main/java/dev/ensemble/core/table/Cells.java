package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.core.selector.SelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Forms of cells that several kinds print. */
final class Cells {
  static final String NONE = "<none>";

  private Cells() {}

  static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  static String joined(JsonNode object, String list, Function<JsonNode, String> part) {
    List<String> parts = new ArrayList<>();
    Fields.items(object, list).forEach(item -> parts.add(part.apply(item)));
    return String.join(",", parts);
  }

  /** {@code a=b,c=d} in order of the keys. */
  static String labels(JsonNode labels) {
    TreeMap<String, String> sorted = new TreeMap<>();
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      sorted.put(label.getKey(), label.getValue().asText());
    }
    List<String> parts = new ArrayList<>();
    sorted.forEach((key, value) -> parts.add(key + "=" + value));
    return orNone(String.join(",", parts));
  }

  static String selector(JsonNode owner) {
    try {
      return orNone(LabelSelector.fromObject(owner.path("selector")).toString());
    } catch (SelectorException malformed) {
      return "<error>";
    }
  }

  static String containers(JsonNode owner, String field) {
    JsonNode spec = owner.path("spec").path("template").path("spec");
    return joined(spec, "containers", container -> Fields.text(container, field));
  }

  /** At most three of the parts, then how many more there are. */
  static String firstThree(List<String> parts) {
    int shown = Math.min(parts.size(), 3);
    String text = String.join(",", parts.subList(0, shown));
    return parts.size() > shown ? text + " + " + (parts.size() - shown) + " more..." : text;
  }
}
