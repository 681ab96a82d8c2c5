package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.validation.FieldPath;
import dev.ensemble.core.validation.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Warnings about objects that are legal and probably not what was meant. */
final class Warnings {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final Map<String, String> DEPRECATED_LABELS =
      Map.of(
          "beta.kubernetes.io/arch",
          "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
          "beta.kubernetes.io/os",
          "deprecated since v1.14; use \"kubernetes.io/os\" instead",
          "failure-domain.beta.kubernetes.io/region",
          "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
          "failure-domain.beta.kubernetes.io/zone",
          "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
          "beta.kubernetes.io/instance-type",
          "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead");

  private Warnings() {}

  static List<String> pod(ObjectNode pod) {
    List<String> warnings = new ArrayList<>();
    String name = Fields.text(pod.path("metadata"), "name");
    if (!name.isEmpty() && !Names.dns1123Label(name).isEmpty()) {
      warnings.add(
          "metadata.name: this is used in the Pod's hostname, which can result in surprising"
              + " behavior; a DNS label is recommended: "
              + Names.dns1123Label(name));
    }
    spec(pod.path("spec"), SPEC, warnings);
    return warnings;
  }

  static List<String> template(ObjectNode owner) {
    List<String> warnings = new ArrayList<>();
    spec(
        owner.path("spec").path("template").path("spec"),
        SPEC.child("template").child("spec"),
        warnings);
    return warnings;
  }

  private static void spec(JsonNode spec, FieldPath path, List<String> warnings) {
    for (Map.Entry<String, JsonNode> entry : Fields.entries(spec, "nodeSelector")) {
      String why = DEPRECATED_LABELS.get(entry.getKey());
      if (why != null) {
        warnings.add(path.child("nodeSelector").key(entry.getKey()) + ": " + why);
      }
    }
    int position = 0;
    for (JsonNode constraint : Fields.items(spec, "topologySpreadConstraints")) {
      FieldPath at = path.child("topologySpreadConstraints").index(position++);
      String key = Fields.text(constraint, "topologyKey");
      if (DEPRECATED_LABELS.containsKey(key)) {
        warnings.add(at + ".topologyKey: " + key + " is " + DEPRECATED_LABELS.get(key));
      }
    }
    if (Fields.number(spec, "terminationGracePeriodSeconds") < 0) {
      warnings.add(
          path.child("terminationGracePeriodSeconds")
              + ": must be >= 0; negative values are invalid and will be treated as 1");
    }
    pullSecrets(spec, path, warnings);
    for (String list : List.of("initContainers", "containers")) {
      position = 0;
      for (JsonNode container : Fields.items(spec, list)) {
        container(container, path.child(list).index(position++), warnings);
      }
    }
  }

  private static void pullSecrets(JsonNode spec, FieldPath path, List<String> warnings) {
    Map<String, FieldPath> seen = new HashMap<>();
    int position = 0;
    for (JsonNode secret : Fields.items(spec, "imagePullSecrets")) {
      FieldPath at = path.child("imagePullSecrets").index(position++);
      String name = Fields.text(secret, "name");
      if (name.isEmpty()) {
        warnings.add(at + ": invalid empty name \"\"");
      }
      FieldPath first = seen.putIfAbsent(name, at);
      if (first != null) {
        warnings.add(at + ": duplicate name \"" + name + "\"");
      }
    }
  }

  private static void container(JsonNode container, FieldPath path, List<String> warnings) {
    Map<String, FieldPath> variables = new HashMap<>();
    int position = 0;
    for (JsonNode variable : Fields.items(container, "env")) {
      FieldPath at = path.child("env").index(position++);
      String name = Fields.text(variable, "name");
      if (variables.put(name, at) != null) {
        warnings.add(
            at
                + ": hides previous definition of \""
                + name
                + "\", which may be dropped when using apply");
      }
    }
    Map<String, FieldPath> ports = new HashMap<>();
    position = 0;
    for (JsonNode port : Fields.items(container, "ports")) {
      FieldPath at = path.child("ports").index(position++);
      String key =
          Fields.text(port, "protocol")
              + Fields.number(port, "containerPort")
              + "/"
              + Fields.number(port, "hostPort")
              + Fields.text(port, "hostIP");
      FieldPath first = ports.putIfAbsent(key, at);
      if (first != null) {
        warnings.add(at + ": duplicate port definition with " + first);
      }
    }
  }

  static List<String> service(ObjectNode service) {
    JsonNode spec = service.path("spec");
    List<String> warnings = new ArrayList<>();
    boolean headless = Fields.text(spec, "clusterIP").equals("None");
    if (headless && !Fields.text(spec, "loadBalancerIP").isEmpty()) {
      warnings.add("spec.loadBalancerIP is ignored for headless services");
    }
    if (headless && Fields.size(spec, "externalIPs") > 0) {
      warnings.add("spec.externalIPs is ignored for headless services");
    }
    if (headless && Fields.text(spec, "sessionAffinity").equals("ClientIP")) {
      warnings.add("spec.SessionAffinity is ignored for headless services");
    }
    if (!headless
        && !Fields.text(spec, "type").equals("ExternalName")
        && !Fields.text(spec, "externalName").isEmpty()) {
      warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    return warnings;
  }

  static List<String> endpoints(ObjectNode endpoints) {
    return List.of("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
  }
}
