package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.object.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pods: create, status and ephemeral containers. Updates of the spec: {@link PodUpdateRules}. */
final class PodRules implements KindRules {
  static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final FieldPath ANNOTATIONS = MetadataRules.METADATA.child("annotations");
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    always(object, errors);
    if (Fields.size(spec, "ephemeralContainers") > 0) {
      errors.forbidden(SPEC.child("ephemeralContainers"), "cannot be set on create");
    }
    if (!Fields.text(spec, "nodeName").isEmpty() && Fields.size(spec, "schedulingGates") > 0) {
      errors.forbidden(
          SPEC.child("nodeName"), "cannot be set until all schedulingGates have been cleared");
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    always(object, errors);
    mirror(object, old, errors);
    PodUpdateRules.spec(object.path("spec"), old.path("spec"), errors);
  }

  private static void always(JsonNode object, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    annotations(object, errors);
    PodSpecRules.spec(spec, PodSpecRules.Part.POD, SPEC, errors);
    tokensNeedAccount(spec, errors);
    for (String list : List.of("containers", "initContainers")) {
      int position = 0;
      for (JsonNode container : Fields.items(spec, list)) {
        ContainerRules.trimmedImage(container, SPEC.child(list).index(position++), errors);
      }
    }
  }

  private static void annotations(JsonNode object, FieldErrors errors) {
    JsonNode annotations = object.path("metadata").path("annotations");
    if (annotations.has(MIRROR) && Fields.text(object.path("spec"), "nodeName").isEmpty()) {
      errors.invalid(
          ANNOTATIONS.key(MIRROR),
          Fields.text(annotations, MIRROR),
          "must set spec.nodeName if mirror pod annotation is set");
    }
    if (annotations.has(DELETION_COST)) {
      String cost = Fields.text(annotations, DELETION_COST);
      try {
        if (Integer.parseInt(cost) == 0 && cost.startsWith("-")) {
          throw new NumberFormatException("negative zero");
        }
      } catch (NumberFormatException malformed) {
        errors.invalid(ANNOTATIONS.key(DELETION_COST), cost, "must be a 32bit integer");
      }
    }
  }

  private static void tokensNeedAccount(JsonNode spec, FieldErrors errors) {
    if (!Fields.text(spec, "serviceAccountName").isEmpty()) {
      return;
    }
    int position = 0;
    for (JsonNode volume : Fields.items(spec, "volumes")) {
      FieldPath at = SPEC.child("volumes").index(position++).child("projected").child("sources");
      int source = 0;
      for (JsonNode projection : Fields.items(volume.path("projected"), "sources")) {
        FieldPath path = at.index(source++).child("serviceAccountToken");
        if (Fields.has(projection, "serviceAccountToken")) {
          errors.forbidden(path, "must not be specified when serviceAccountName is not set");
        }
      }
    }
  }

  private static void mirror(JsonNode object, JsonNode old, FieldErrors errors) {
    JsonNode now = object.path("metadata").path("annotations").path(MIRROR);
    JsonNode before = old.path("metadata").path("annotations").path(MIRROR);
    if (before.isMissingNode() && !now.isMissingNode()) {
      errors.forbidden(ANNOTATIONS.key(MIRROR), "may not add mirror pod annotation");
    } else if (!before.equals(now)) {
      errors.forbidden(ANNOTATIONS.key(MIRROR), "may not remove or update mirror pod annotation");
    }
  }

  @Override
  public void status(JsonNode object, JsonNode old, FieldErrors errors) {
    JsonNode status = object.path("status");
    mirror(object, old, errors);
    Set<String> system = Set.of("PodScheduled", "Ready", "Initialized");
    int position = 0;
    for (JsonNode condition : Fields.items(status, "conditions")) {
      FieldPath at = STATUS.child("conditions").index(position++).child("type");
      String type = Fields.text(condition, "type");
      if (!system.contains(type)) {
        errors.invalidEach(at, type, Keys.qualifiedName(type));
      }
    }
    if (!Fields.text(object.path("spec"), "nodeName")
        .equals(Fields.text(old.path("spec"), "nodeName"))) {
      errors.forbidden(STATUS.child("nodeName"), "may not be changed directly");
    }
    String nominated = Fields.text(status, "nominatedNodeName");
    if (!nominated.isEmpty()
        && !nominated.equals(Fields.text(old.path("status"), "nominatedNodeName"))) {
      errors.invalidEach(
          STATUS.child("nominatedNodeName"), nominated, Names.dns1123Subdomain(nominated));
    }
    if (Fields.has(old.path("status"), "qosClass")) {
      errors.immutable(
          STATUS.child("qosClass"), status.path("qosClass"), old.path("status").path("qosClass"));
    }
    restarts(object, old, errors);
    addresses(status, "podIPs", errors);
    addresses(status, "hostIPs", errors);
    if (Fields.size(status, "hostIPs") > 0
        && !Fields.text(status, "hostIP").equals(firstIp(status))) {
      errors.invalid(
          STATUS.child("hostIPs").index(0).child("ip"),
          firstIp(status),
          "must be equal to `hostIP`");
    }
  }

  private static String firstIp(JsonNode status) {
    return Fields.text(status.path("hostIPs").path(0), "ip");
  }

  private static void addresses(JsonNode status, String field, FieldErrors errors) {
    List<String> addresses = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode entry : Fields.items(status, field)) {
      FieldPath at = STATUS.child(field).index(addresses.size());
      String address = Fields.text(entry, "ip");
      Addresses.ip(at, address, errors);
      if (!seen.add(address)) {
        errors.duplicate(at, entry);
      }
      addresses.add(address);
    }
    if (addresses.size() > 2 || (addresses.size() == 2 && !Addresses.dual(addresses))) {
      errors.invalid(
          STATUS.child(field),
          status.get(field),
          "may specify no more than one IP for each IP family");
    }
  }

  /** A container that has ended for good does not come back. */
  private static void restarts(JsonNode object, JsonNode old, FieldErrors errors) {
    JsonNode spec = old.path("spec");
    String policy = Fields.text(spec, "restartPolicy");
    Set<String> sidecars = new HashSet<>();
    for (JsonNode container : Fields.items(spec, "initContainers")) {
      if (ContainerRules.isSidecar(container)) {
        sidecars.add(Fields.text(container, "name"));
      }
    }
    Map<String, String> policies =
        Map.of(
            "containerStatuses", policy,
            "initContainerStatuses", policy,
            "ephemeralContainerStatuses", "Never");
    for (String list :
        List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
      if (!policies.get(list).equals("Always")) {
        noneReturns(list, policies.get(list), sidecars, object, old, errors);
      }
    }
  }

  private static void noneReturns(
      String list,
      String policy,
      Set<String> sidecars,
      JsonNode object,
      JsonNode old,
      FieldErrors errors) {
    int position = -1;
    for (JsonNode before : Fields.items(old.path("status"), list)) {
      position++;
      JsonNode terminated = before.path("state").path("terminated");
      String name = Fields.text(before, "name");
      boolean mayRestart = policy.equals("OnFailure") && Fields.number(terminated, "exitCode") != 0;
      if (!terminated.isObject() || mayRestart || sidecars.contains(name)) {
        continue;
      }
      for (JsonNode now : Fields.items(object.path("status"), list)) {
        if (Fields.text(now, "name").equals(name) && !now.path("state").has("terminated")) {
          errors.forbidden(
              STATUS.child(list).index(position).child("state"),
              "may not be transitioned to non-terminated state");
        }
      }
    }
  }

  /** A write to {@code /ephemeralcontainers}: containers may be added, none changed or removed. */
  static void ephemeralContainers(JsonNode object, JsonNode old, FieldErrors errors) {
    always(object, errors);
    FieldPath path = SPEC.child("ephemeralContainers");
    if (old.path("metadata").path("annotations").has(MIRROR)) {
      errors.forbidden(FieldPath.ROOT, "static pods do not support ephemeral containers");
      return;
    }
    for (JsonNode before : Fields.items(old.path("spec"), "ephemeralContainers")) {
      String name = Fields.text(before, "name");
      JsonNode now = PodUpdateRules.named(object.path("spec"), "ephemeralContainers", name);
      if (now.isMissingNode()) {
        errors.forbidden(path, "existing ephemeral containers \"" + name + "\" may not be removed");
      } else if (!JsonEquality.equal(now, before)) {
        errors.forbidden(path, "existing ephemeral containers \"" + name + "\" may not be changed");
      }
    }
  }

  /** The body of {@code /binding}. */
  static void binding(JsonNode binding, FieldErrors errors) {
    JsonNode target = binding.path("target");
    String kind = Fields.text(target, "kind");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      errors.notSupported(FieldPath.of("target").child("kind"), kind, List.of("Node", "<empty>"));
    }
    if (Fields.text(target, "name").isEmpty()) {
      errors.required(FieldPath.of("target").child("name"), "");
    }
  }
}
