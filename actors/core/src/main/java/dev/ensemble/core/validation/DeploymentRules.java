package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.List;

final class DeploymentRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    errors.nonNegative(SPEC.child("replicas"), Fields.number(spec, "replicas"));
    WorkloadRules.selectorAndTemplate(spec, SPEC, errors);
    strategy(spec.path("strategy"), SPEC.child("strategy"), errors);
    long minReady = Fields.number(spec, "minReadySeconds");
    errors.nonNegative(SPEC.child("minReadySeconds"), minReady);
    errors.nonNegative(
        SPEC.child("revisionHistoryLimit"), Fields.number(spec, "revisionHistoryLimit"));
    if (Fields.has(spec, "progressDeadlineSeconds")) {
      long deadline = Fields.number(spec, "progressDeadlineSeconds");
      errors.nonNegative(SPEC.child("progressDeadlineSeconds"), deadline);
      if (deadline <= minReady) {
        errors.invalid(
            SPEC.child("progressDeadlineSeconds"),
            deadline,
            "must be greater than minReadySeconds");
      }
    }
  }

  private static void strategy(JsonNode strategy, FieldPath path, FieldErrors errors) {
    String type = Fields.text(strategy, "type");
    FieldPath rolling = path.child("rollingUpdate");
    if (type.equals("Recreate")) {
      if (Fields.has(strategy, "rollingUpdate")) {
        errors.forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'");
      }
    } else if (!type.equals("RollingUpdate")) {
      errors.notSupported(path.child("type"), type, List.of("Recreate", "RollingUpdate"));
    } else if (!Fields.has(strategy, "rollingUpdate")) {
      errors.required(rolling, "this should be defaulted and never be nil");
    } else {
      rollingUpdate(strategy.get("rollingUpdate"), rolling, errors);
    }
  }

  private static void rollingUpdate(JsonNode rolling, FieldPath path, FieldErrors errors) {
    JsonNode unavailable = rolling.path("maxUnavailable");
    FieldPath unavailablePath = path.child("maxUnavailable");
    intOrPercent(unavailable, unavailablePath, errors);
    intOrPercent(rolling.path("maxSurge"), path.child("maxSurge"), errors);
    if (isZero(unavailable) && isZero(rolling.path("maxSurge"))) {
      errors.invalid(unavailablePath, unavailable, "may not be 0 when `maxSurge` is 0");
    }
    if (unavailable.isTextual() && percent(unavailable) > 100) {
      errors.invalid(unavailablePath, unavailable, "must not be greater than 100%");
    }
  }

  private static void intOrPercent(JsonNode value, FieldPath path, FieldErrors errors) {
    if (!value.isTextual()) {
      errors.nonNegative(path, value.asLong());
    } else if (percent(value) < 0) {
      errors.invalid(
          path,
          value,
          "a valid percent string must be a numeric string followed by an ending '%' "
              + Names.example("'1%',  or '93%'", "[0-9]+%"));
    }
  }

  private static boolean isZero(JsonNode value) {
    return value.isTextual() ? percent(value) == 0 : value.asLong() == 0;
  }

  /** The number before the percent sign, -1 if it is none. */
  private static long percent(JsonNode value) {
    String text = value.textValue();
    boolean formed = text.length() > 1 && text.length() < 10 && text.endsWith("%");
    for (int i = 0; i < text.length() - 1 && formed; i++) {
      formed = Names.isDigit(text.charAt(i));
    }
    return formed ? Long.parseLong(text.substring(0, text.length() - 1)) : -1;
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
    JsonNode status = object.path("status");
    WorkloadRules.counts(
        status, List.of("updatedReplicas", "readyReplicas", "availableReplicas"), errors);
    errors.nonNegative(
        STATUS.child("unavailableReplicas"), Fields.number(status, "unavailableReplicas"));
    long collisions = Fields.number(status, "collisionCount");
    errors.nonNegative(STATUS.child("collisionCount"), collisions);
    if (collisions < Fields.number(old.path("status"), "collisionCount")) {
      errors.invalid(STATUS.child("collisionCount"), collisions, "cannot be decremented");
    }
  }
}
