package dev.ensemble.core.selector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.validation.FieldError;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What is wrong with a label selector in an object (metav1 validation of LabelSelector). */
public final class LabelSelectorValidation {
  private LabelSelectorValidation() {}

  /** The errors, in order of the fields; {@code path} is the selector's own, not empty. */
  public static List<FieldError> validate(JsonNode selector, String path) {
    List<FieldError> errors = new ArrayList<>();
    JsonNode labels = selector.path("matchLabels");
    for (Iterator<Map.Entry<String, JsonNode>> fields = labels.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> label = fields.next();
      String field = path + ".matchLabels";
      addKeyError(errors, field, label.getKey());
      LabelSyntax.valueError(label.getValue().asText())
          .ifPresent(detail -> errors.add(FieldError.invalid(field, label.getValue(), detail)));
    }
    JsonNode expressions = selector.path("matchExpressions");
    for (int i = 0; i < expressions.size(); i++) {
      validateExpression(errors, expressions.get(i), path + ".matchExpressions[" + i + "]");
    }
    return errors;
  }

  private static void validateExpression(
      List<FieldError> errors, JsonNode expression, String path) {
    JsonNode values = expression.path("values");
    switch (expression.path("operator").asText()) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          errors.add(
              FieldError.required(
                  path + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          errors.add(
              FieldError.forbidden(
                  path + ".values",
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      default ->
          errors.add(
              FieldError.invalid(
                  path + ".operator",
                  textNode(expression.path("operator").asText()),
                  "not a valid selector operator"));
    }
    addKeyError(errors, path + ".key", expression.path("key").asText());
    for (int i = 0; i < values.size(); i++) {
      JsonNode value = values.get(i);
      String field = path + ".values[" + i + "]";
      LabelSyntax.valueError(value.asText())
          .ifPresent(detail -> errors.add(FieldError.invalid(field, value, detail)));
    }
  }

  private static void addKeyError(List<FieldError> errors, String field, String key) {
    LabelSyntax.keyError(key)
        .ifPresent(detail -> errors.add(FieldError.invalid(field, textNode(key), detail)));
  }

  private static JsonNode textNode(String text) {
    return com.fasterxml.jackson.databind.node.TextNode.valueOf(text);
  }
}
