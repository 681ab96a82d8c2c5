package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.core.selector.SelectorException;
import java.util.HashMap;
import java.util.Map;

/** Label selectors ({@code matchLabels} and {@code matchExpressions}). */
final class SelectorRules {
  private SelectorRules() {}

  static void labelSelector(JsonNode selector, FieldPath path, FieldErrors errors) {
    MetadataRules.labels(selector.path("matchLabels"), path.child("matchLabels"), errors);
    int position = 0;
    for (JsonNode requirement : Fields.items(selector, "matchExpressions")) {
      requirement(requirement, path.child("matchExpressions").index(position++), errors);
    }
  }

  private static void requirement(JsonNode requirement, FieldPath path, FieldErrors errors) {
    String operator = Fields.text(requirement, "operator");
    switch (operator) {
      case "In", "NotIn" -> {
        if (Fields.size(requirement, "values") == 0) {
          errors.required(
              path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (Fields.size(requirement, "values") > 0) {
          errors.forbidden(
              path.child("values"),
              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      default -> {
        errors.invalid(path.child("operator"), operator, "not a valid selector operator");
      }
    }
    String key = Fields.text(requirement, "key");
    errors.invalidEach(path.child("key"), key, Keys.qualifiedName(key));
    int position = 0;
    for (JsonNode value : Fields.items(requirement, "values")) {
      errors.invalidEach(
          path.child("values").index(position++), value.asText(), Keys.labelValue(value.asText()));
    }
  }

  static boolean isEmpty(JsonNode selector) {
    return Fields.size(selector, "matchLabels") == 0
        && Fields.size(selector, "matchExpressions") == 0;
  }

  /** Whether the selector takes the labels; one that is malformed is not judged again here. */
  static boolean matches(JsonNode selector, JsonNode labels) {
    Map<String, String> texts = new HashMap<>();
    labels.properties().forEach(label -> texts.put(label.getKey(), label.getValue().asText()));
    try {
      return LabelSelector.fromObject(selector).matches(texts);
    } catch (SelectorException malformed) {
      return true;
    }
  }
}
