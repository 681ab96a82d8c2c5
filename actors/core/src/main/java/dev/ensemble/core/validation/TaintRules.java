package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Taints of nodes and tolerations of pods. */
final class TaintRules {
  private static final List<String> EFFECTS =
      List.of("NoExecute", "NoSchedule", "PreferNoSchedule");

  private TaintRules() {}

  static void taints(JsonNode spec, FieldPath path, FieldErrors errors) {
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode taint : Fields.items(spec, "taints")) {
      FieldPath at = path.index(position++);
      String key = Fields.text(taint, "key");
      String value = Fields.text(taint, "value");
      String effect = Fields.text(taint, "effect");
      errors.invalidEach(at.child("key"), key, Keys.qualifiedName(key));
      List<String> faults = Keys.labelValue(value);
      if (!faults.isEmpty()) {
        errors.invalid(at.child("value"), value, String.join(";", faults));
      }
      errors.oneOf(at.child("effect"), effect, EFFECTS);
      if (!seen.add(effect + " " + key)) {
        errors.add(
            new FieldError(
                FieldError.Type.DUPLICATE,
                at.toString(),
                Optional.of(taint),
                "taints must be unique by key and effect pair"));
      }
    }
  }

  static void tolerations(JsonNode spec, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode toleration : Fields.items(spec, "tolerations")) {
      toleration(toleration, path.index(position++), errors);
    }
  }

  private static void toleration(JsonNode toleration, FieldPath at, FieldErrors errors) {
    String key = Fields.text(toleration, "key");
    String operator = Fields.text(toleration, "operator");
    String value = Fields.text(toleration, "value");
    String effect = Fields.text(toleration, "effect");
    if (!key.isEmpty()) {
      errors.invalidEach(at.child("key"), key, Keys.qualifiedName(key));
    } else if (!operator.equals("Exists")) {
      errors.invalid(
          at.child("operator"),
          operator,
          "operator must be Exists when `key` is empty, which means \"match all values and all"
              + " keys\"");
    }
    if (Fields.has(toleration, "tolerationSeconds") && !effect.equals("NoExecute")) {
      errors.invalid(
          at.child("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    if (operator.isEmpty() || operator.equals("Equal")) {
      List<String> faults = Keys.labelValue(value);
      if (!faults.isEmpty()) {
        errors.invalid(at.child("operator"), value, String.join(";", faults));
      }
    } else if (!operator.equals("Exists")) {
      errors.notSupported(at.child("operator"), operator, List.of("Equal", "Exists"));
    } else if (!value.isEmpty()) {
      errors.invalid(
          at.child("operator"), value, "value must be empty when `operator` is 'Exists'");
    }
    errors.emptyOrOneOf(at.child("effect"), effect, EFFECTS);
  }

  /** Tolerations may be added, and their seconds changed, but none may go. */
  static void onlyAdded(JsonNode spec, JsonNode old, FieldPath path, FieldErrors errors) {
    for (JsonNode before : Fields.items(old, "tolerations")) {
      boolean kept = false;
      for (JsonNode now : Fields.items(spec, "tolerations")) {
        kept |= withoutSeconds(now).equals(withoutSeconds(before));
      }
      if (!kept) {
        errors.forbidden(
            path, "existing toleration can not be modified except its tolerationSeconds");
        return;
      }
    }
  }

  private static JsonNode withoutSeconds(JsonNode toleration) {
    ObjectNode copy = toleration.deepCopy();
    copy.remove("tolerationSeconds");
    return copy;
  }
}
