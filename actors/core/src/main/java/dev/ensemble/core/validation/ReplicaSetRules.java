package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.List;

final class ReplicaSetRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    errors.nonNegative(SPEC.child("replicas"), Fields.number(spec, "replicas"));
    errors.nonNegative(SPEC.child("minReadySeconds"), Fields.number(spec, "minReadySeconds"));
    WorkloadRules.selectorAndTemplate(spec, SPEC, errors);
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    create(object, errors);
    errors.immutable(
        SPEC.child("selector"),
        object.path("spec").path("selector"),
        old.path("spec").path("selector"));
  }

  @Override
  public void status(JsonNode object, JsonNode old, FieldErrors errors) {
    WorkloadRules.counts(
        object.path("status"),
        List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas"),
        errors);
  }
}
