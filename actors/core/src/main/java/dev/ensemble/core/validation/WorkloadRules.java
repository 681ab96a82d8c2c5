package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.List;

/** What ReplicaSets and Deployments have in common: a selector, a template, counts. */
final class WorkloadRules {
  private static final FieldPath STATUS = FieldPath.of("status");

  private WorkloadRules() {}

  static void selectorAndTemplate(JsonNode spec, FieldPath path, FieldErrors errors) {
    JsonNode selector = spec.path("selector");
    if (!Fields.has(spec, "selector")) {
      errors.required(path.child("selector"), "");
    } else {
      SelectorRules.labelSelector(selector, path.child("selector"), errors);
      if (SelectorRules.isEmpty(selector)) {
        errors.invalid(
            path.child("selector"), selector, "empty selector is invalid for deployment");
      }
    }
    template(spec.path("template"), selector, path.child("template"), errors);
  }

  private static void template(
      JsonNode template, JsonNode selector, FieldPath path, FieldErrors errors) {
    JsonNode labels = Fields.object(template.path("metadata"), "labels");
    if (!SelectorRules.isEmpty(selector) && !SelectorRules.matches(selector, labels)) {
      errors.invalid(
          path.child("metadata").child("labels"),
          labels,
          "`selector` does not match template `labels`");
    }
    PodSpecRules.template(template, path, errors);
    FieldPath spec = path.child("spec");
    String restart = Fields.text(template.path("spec"), "restartPolicy");
    if (!restart.equals("Always")) {
      errors.notSupported(spec.child("restartPolicy"), restart, List.of("Always"));
    }
    if (Fields.has(template.path("spec"), "activeDeadlineSeconds")) {
      errors.forbidden(
          spec.child("activeDeadlineSeconds"),
          "activeDeadlineSeconds in ReplicaSet is not Supported");
    }
  }

  static void counts(JsonNode status, List<String> partsOfReplicas, FieldErrors errors) {
    long replicas = Fields.number(status, "replicas");
    errors.nonNegative(STATUS.child("replicas"), replicas);
    errors.nonNegative(
        STATUS.child("observedGeneration"), Fields.number(status, "observedGeneration"));
    errors.nonNegative(
        STATUS.child("terminatingReplicas"), Fields.number(status, "terminatingReplicas"));
    for (String part : partsOfReplicas) {
      long count = Fields.number(status, part);
      errors.nonNegative(STATUS.child(part), count);
      if (count > replicas) {
        errors.invalid(STATUS.child(part), count, "cannot be greater than status.replicas");
      }
    }
    long available = Fields.number(status, "availableReplicas");
    if (available > Fields.number(status, "readyReplicas")) {
      errors.invalid(
          STATUS.child("availableReplicas"), available, "cannot be greater than readyReplicas");
    }
  }
}
