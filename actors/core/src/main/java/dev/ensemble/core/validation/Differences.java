package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.json.JsonEquality;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Tells a person where two values differ: a line for each field, old value then new one. */
final class Differences {
  /** Enough to see what is wrong; a body that differs everywhere would fill the message. */
  private static final int LINES_MAX = 20;

  private Differences() {}

  static String between(JsonNode old, JsonNode now) {
    List<String> lines = new ArrayList<>();
    collect(FieldPath.ROOT, old, now, lines);
    return String.join("\n", lines);
  }

  private static void collect(FieldPath path, JsonNode old, JsonNode now, List<String> lines) {
    if (JsonEquality.equal(old, now) || lines.size() >= LINES_MAX) {
      return;
    }
    if (old.isObject() && now.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      old.fieldNames().forEachRemaining(names::add);
      now.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        collect(path.child(name), old.path(name), now.path(name), lines);
      }
    } else if (old.isArray() && now.isArray() && old.size() == now.size()) {
      for (int i = 0; i < old.size(); i++) {
        collect(path.index(i), old.get(i), now.get(i), lines);
      }
    } else {
      lines.add("  " + path + ": - " + shown(old) + " + " + shown(now));
    }
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "nothing" : value.toString();
  }
}
