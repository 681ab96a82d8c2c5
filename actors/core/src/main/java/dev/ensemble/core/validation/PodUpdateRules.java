package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.object.Fields;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What may change in the spec of a pod that exists: little. */
final class PodUpdateRules {
  private static final FieldPath SPEC = PodRules.SPEC;
  private static final String FORBIDDEN =
      "pod updates may not change fields other than"
          + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations`"
          + " (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow"
          + " it to be set to 1 if it was previously negative)\n";

  private PodUpdateRules() {}

  static void spec(JsonNode spec, JsonNode old, FieldErrors errors) {
    for (String list : List.of("containers", "initContainers")) {
      if (Fields.size(spec, list) != Fields.size(old, list)) {
        errors.forbidden(SPEC.child(list), "pod updates may not add or remove containers");
        return;
      }
    }
    if (!activeDeadline(spec, old, errors)) {
      return;
    }
    TaintRules.onlyAdded(spec, old, SPEC.child("tolerations"), errors);
    gatesOnlyDeleted(spec, old, errors);
    if (JsonEquality.equal(spec, old)) {
      return;
    }
    ObjectNode judged = spec.deepCopy();
    allowChanges(judged, old);
    if (Fields.size(old, "schedulingGates") > 0) {
      gated(judged, old, errors);
    }
    if (!JsonEquality.equal(judged, old)) {
      errors.forbidden(SPEC, FORBIDDEN + Differences.between(old, judged));
    }
  }

  private static boolean activeDeadline(JsonNode spec, JsonNode old, FieldErrors errors) {
    OptionalLong now = Fields.optionalNumber(spec, "activeDeadlineSeconds");
    OptionalLong before = Fields.optionalNumber(old, "activeDeadlineSeconds");
    FieldPath path = SPEC.child("activeDeadlineSeconds");
    if (now.isPresent() && (now.getAsLong() < 0 || now.getAsLong() > Integer.MAX_VALUE)) {
      errors.invalid(path, now.getAsLong(), Keys.range(0, Integer.MAX_VALUE));
      return false;
    }
    if (now.isPresent() && before.isPresent() && before.getAsLong() < now.getAsLong()) {
      errors.invalid(path, now.getAsLong(), "must be less than or equal to previous value");
      return false;
    }
    if (now.isEmpty() && before.isPresent()) {
      errors.invalid(
          path, NullNode.instance, "must not update from a positive integer to nil value");
    }
    return true;
  }

  private static void gatesOnlyDeleted(JsonNode spec, JsonNode old, FieldErrors errors) {
    int position = 0;
    for (JsonNode gate : Fields.items(spec, "schedulingGates")) {
      FieldPath path = SPEC.child("schedulingGates").index(position++).child("name");
      String name = Fields.text(gate, "name");
      if (named(old, "schedulingGates", name).isMissingNode()) {
        errors.forbidden(
            path, "only deletion is allowed, but found new scheduling gate '" + name + "'");
      }
    }
  }

  /** Puts the old values of what may change into the copy that is compared. */
  private static void allowChanges(ObjectNode judged, JsonNode old) {
    for (String list : List.of("containers", "initContainers")) {
      int position = 0;
      for (JsonNode container : Fields.items(judged, list)) {
        restore((ObjectNode) container, old.path(list).path(position++), "image");
      }
    }
    restore(judged, old, "activeDeadlineSeconds");
    restore(judged, old, "schedulingGates");
    restore(judged, old, "tolerations");
    if (Fields.number(old, "terminationGracePeriodSeconds") < 0
        && Fields.number(judged, "terminationGracePeriodSeconds") == 1) {
      restore(judged, old, "terminationGracePeriodSeconds");
    }
  }

  private static void restore(ObjectNode judged, JsonNode old, String field) {
    if (old.has(field)) {
      judged.set(field, old.get(field));
    } else {
      judged.remove(field);
    }
  }

  /** A pod that still waits at its gates may be narrowed to fewer nodes. */
  private static void gated(ObjectNode judged, JsonNode old, FieldErrors errors) {
    JsonNode selector = Fields.object(judged, "nodeSelector");
    for (Map.Entry<String, JsonNode> entry : Fields.entries(old, "nodeSelector")) {
      if (!entry.getValue().equals(selector.get(entry.getKey()))) {
        errors.invalid(
            SPEC.child("nodeSelector"),
            selector,
            "only additions to spec.nodeSelector are allowed");
        break;
      }
    }
    restore(judged, old, "nodeSelector");
    nodeAffinity(judged, old, errors);
  }

  private static void nodeAffinity(ObjectNode judged, JsonNode old, FieldErrors errors) {
    String required = "requiredDuringSchedulingIgnoredDuringExecution";
    FieldPath path = SPEC.child("affinity").child("nodeAffinity");
    JsonNode before = old.path("affinity").path("nodeAffinity");
    JsonNode now = judged.path("affinity").path("nodeAffinity");
    if (JsonEquality.equal(now, before)) {
      return;
    }
    JsonNode oldTerms = before.path(required).path("nodeSelectorTerms");
    JsonNode terms = now.path(required).path("nodeSelectorTerms");
    if (oldTerms.size() > 0) {
      FieldPath at = path.child(required).child("nodeSelectorTerms");
      if (terms.size() != oldTerms.size()) {
        errors.invalid(
            at, terms, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
      } else {
        for (int i = 0; i < terms.size(); i++) {
          if (!narrows(terms.get(i), oldTerms.get(i))) {
            errors.invalid(
                at.index(i),
                terms.get(i),
                "only additions are allowed (no mutations or deletions)");
          }
        }
      }
    }
    ObjectNode affinity = Fields.ensureObject(judged, "affinity");
    if (before.isMissingNode()) {
      affinity.remove("nodeAffinity");
    } else {
      affinity.set("nodeAffinity", before);
    }
    if (affinity.isEmpty() && !old.has("affinity")) {
      judged.remove("affinity");
    }
  }

  private static boolean narrows(JsonNode now, JsonNode before) {
    for (String list : List.of("matchExpressions", "matchFields")) {
      if (Fields.size(now, list) < Fields.size(before, list)) {
        return false;
      }
      int position = 0;
      for (JsonNode requirement : Fields.items(before, list)) {
        if (!JsonEquality.equal(requirement, now.path(list).path(position++))) {
          return false;
        }
      }
    }
    return true;
  }

  static JsonNode named(JsonNode spec, String list, String name) {
    for (JsonNode entry : Fields.items(spec, list)) {
      if (Fields.text(entry, "name").equals(name)) {
        return entry;
      }
    }
    return MissingNode.getInstance();
  }
}
