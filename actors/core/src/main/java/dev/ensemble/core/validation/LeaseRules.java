package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;

final class LeaseRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    if (Fields.has(spec, "leaseDurationSeconds")
        && Fields.number(spec, "leaseDurationSeconds") <= 0) {
      errors.invalid(
          SPEC.child("leaseDurationSeconds"),
          spec.get("leaseDurationSeconds"),
          "must be greater than 0");
    }
    errors.nonNegative(SPEC.child("leaseTransitions"), Fields.number(spec, "leaseTransitions"));
    String strategy = Fields.text(spec, "strategy");
    if (Fields.has(spec, "strategy") && !strategy.equals("OldestEmulationVersion")) {
      errors.invalidEach(SPEC.child("strategy"), strategy, Keys.qualifiedName(strategy));
    }
    if (!Fields.text(spec, "preferredHolder").isEmpty() && strategy.isEmpty()) {
      errors.forbidden(
          SPEC.child("preferredHolder"), "may only be specified if `strategy` is defined");
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    create(object, errors);
  }
}
