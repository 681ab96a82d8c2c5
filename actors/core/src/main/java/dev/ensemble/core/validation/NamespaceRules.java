package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;

final class NamespaceRules implements KindRules {
  @Override
  public Names.Form names() {
    return Names::dns1123Label;
  }

  @Override
  public MetadataRules.Home home() {
    return MetadataRules.Home.CLUSTER;
  }

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    FieldPath path = FieldPath.of("spec").child("finalizers");
    for (JsonNode finalizer : Fields.items(object.path("spec"), "finalizers")) {
      MetadataRules.finalizer(finalizer.asText(), path, errors);
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {}

  @Override
  public void status(JsonNode object, JsonNode old, FieldErrors errors) {
    FieldPath path = FieldPath.of("status").child("phase");
    String phase = Fields.text(object.path("status"), "phase");
    if (!Fields.has(object.path("metadata"), "deletionTimestamp")) {
      if (!phase.equals("Active")) {
        errors.invalid(path, phase, "may only be 'Active' if `deletionTimestamp` is empty");
      }
    } else if (!phase.equals("Terminating")) {
      errors.invalid(path, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }
  }
}
