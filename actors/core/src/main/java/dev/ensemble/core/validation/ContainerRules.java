package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Containers of a pod: regular, init and ephemeral. */
final class ContainerRules {
  static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
  private static final List<String> RESTART_POLICIES = List.of("Always", "Never", "OnFailure");
  private static final List<String> EPHEMERAL_MAY_NOT =
      List.of(
          "ports",
          "resources",
          "resizePolicy",
          "restartPolicy",
          "livenessProbe",
          "readinessProbe",
          "startupProbe",
          "lifecycle");

  private final JsonNode spec;
  private final Map<String, JsonNode> volumes;
  private final long gracePeriod;
  private final FieldPath path;
  private final FieldErrors errors;
  private final Set<String> names = new HashSet<>();

  ContainerRules(JsonNode spec, Map<String, JsonNode> volumes, FieldPath path, FieldErrors errors) {
    this.spec = spec;
    this.volumes = volumes;
    this.gracePeriod = Fields.number(spec, "terminationGracePeriodSeconds");
    this.path = path;
    this.errors = errors;
  }

  void all() {
    regular();
    init();
    ephemeral();
  }

  private void regular() {
    FieldPath list = path.child("containers");
    if (Fields.size(spec, "containers") == 0) {
      errors.required(list, "");
      return;
    }
    Set<String> hostPorts = new HashSet<>();
    int position = 0;
    for (JsonNode container : Fields.items(spec, "containers")) {
      FieldPath at = list.index(position++);
      any(container, at);
      unique(container, at);
      ProbeRules.all(container, gracePeriod, at, errors);
      restartPolicy(container, at);
      hostPorts(container, hostPorts, at);
    }
  }

  private void init() {
    int position = 0;
    for (JsonNode container : Fields.items(spec, "initContainers")) {
      FieldPath at = path.child("initContainers").index(position++);
      any(container, at);
      restartPolicy(container, at);
      unique(container, at);
      // Init containers run one by one: only their own ports can be in each other's way.
      hostPorts(container, new HashSet<>(), at);
      if (isSidecar(container)) {
        ProbeRules.all(container, gracePeriod, at, errors);
        continue;
      }
      for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
        if (Fields.has(container, field)) {
          errors.forbidden(
              at.child(field), "may not be set for init containers without restartPolicy=Always");
        }
      }
    }
  }

  static boolean isSidecar(JsonNode container) {
    return Fields.text(container, "restartPolicy").equals("Always");
  }

  private void ephemeral() {
    Set<String> targets = Set.copyOf(names);
    int position = 0;
    for (JsonNode container : Fields.items(spec, "ephemeralContainers")) {
      FieldPath at = path.child("ephemeralContainers").index(position++);
      any(container, at);
      trimmedImage(container, at, errors);
      unique(container, at);
      String target = Fields.text(container, "targetContainerName");
      if (!target.isEmpty() && !targets.contains(target)) {
        errors.notFound(at.child("targetContainerName"), target);
      }
      for (String field : EPHEMERAL_MAY_NOT) {
        if (Fields.has(container, field) && container.get(field).size() > 0) {
          errors.forbidden(at.child(field), "cannot be set for an Ephemeral Container");
        }
      }
      int mount = 0;
      for (JsonNode volumeMount : Fields.items(container, "volumeMounts")) {
        FieldPath mountPath = at.child("volumeMounts").index(mount++);
        for (String field : List.of("subPath", "subPathExpr")) {
          if (!Fields.text(volumeMount, field).isEmpty()) {
            errors.forbidden(mountPath.child(field), "cannot be set for an Ephemeral Container");
          }
        }
      }
    }
  }

  private void any(JsonNode container, FieldPath at) {
    String name = Fields.text(container, "name");
    if (name.isEmpty()) {
      errors.required(at.child("name"), "");
    } else {
      errors.invalidEach(at.child("name"), name, Names.dns1123Label(name));
    }
    if (Fields.text(container, "image").isEmpty()) {
      errors.required(at.child("image"), "");
    }
    errors.oneOf(
        at.child("terminationMessagePolicy"),
        Fields.text(container, "terminationMessagePolicy"),
        List.of("FallbackToLogsOnError", "File"));
    ports(container, at.child("ports"));
    EnvironmentRules.env(container, at, errors);
    MountRules.mounts(container, volumes, at, errors);
    MountRules.devices(container, volumes, at, errors);
    errors.oneOf(
        at.child("imagePullPolicy"), Fields.text(container, "imagePullPolicy"), PULL_POLICIES);
    ResourceRules.requirements(container.path("resources"), at.child("resources"), errors);
    resizePolicy(container, at.child("resizePolicy"));
    SecurityRules.container(container.path("securityContext"), at.child("securityContext"), errors);
  }

  private void unique(JsonNode container, FieldPath at) {
    String name = Fields.text(container, "name");
    if (!name.isEmpty() && !names.add(name)) {
      errors.duplicate(at.child("name"), name);
    }
  }

  private void restartPolicy(JsonNode container, FieldPath at) {
    errors.emptyOrOneOf(
        at.child("restartPolicy"), Fields.text(container, "restartPolicy"), RESTART_POLICIES);
    if (Fields.size(container, "restartPolicyRules") > 0
        && Fields.text(container, "restartPolicy").isEmpty()) {
      errors.required(
          at.child("restartPolicy"), "must specify restartPolicy when restart rules are used");
    }
  }

  private void ports(JsonNode container, FieldPath list) {
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode port : Fields.items(container, "ports")) {
      FieldPath at = list.index(position++);
      String name = Fields.text(port, "name");
      if (!name.isEmpty()) {
        List<String> faults = Keys.portName(name);
        errors.invalidEach(at.child("name"), name, faults);
        if (faults.isEmpty() && !seen.add(name)) {
          errors.duplicate(at.child("name"), name);
        }
      }
      long number = Fields.number(port, "containerPort");
      if (number == 0) {
        errors.required(at.child("containerPort"), "");
      } else {
        portNumber(number, at.child("containerPort"), errors);
      }
      if (Fields.number(port, "hostPort") != 0) {
        portNumber(Fields.number(port, "hostPort"), at.child("hostPort"), errors);
      }
      errors.oneOf(at.child("protocol"), Fields.text(port, "protocol"), PROTOCOLS);
    }
  }

  static void portNumber(long number, FieldPath path, FieldErrors errors) {
    for (String fault : Keys.portNumber(number)) {
      errors.invalid(path, number, fault);
    }
  }

  private void hostPorts(JsonNode container, Set<String> seen, FieldPath at) {
    int position = 0;
    for (JsonNode port : Fields.items(container, "ports")) {
      FieldPath portPath = at.child("ports").index(position++).child("hostPort");
      long number = Fields.number(port, "hostPort");
      String key = Fields.text(port, "protocol") + "/" + Fields.text(port, "hostIP") + "/" + number;
      if (number != 0 && !seen.add(key)) {
        errors.duplicate(portPath, key);
      }
    }
  }

  private void resizePolicy(JsonNode container, FieldPath list) {
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode policy : Fields.items(container, "resizePolicy")) {
      String resource = Fields.text(policy, "resourceName");
      if (!seen.add(resource)) {
        errors.duplicate(list.index(position), resource);
      }
      position++;
      errors.oneOf(list, resource, List.of("cpu", "memory"));
      String restart = Fields.text(policy, "restartPolicy");
      errors.oneOf(list, restart, List.of("NotRequired", "RestartContainer"));
      if (Fields.text(spec, "restartPolicy").equals("Never") && !restart.equals("NotRequired")) {
        errors.invalid(list, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'");
      }
    }
  }

  /** Holds for pods, not for templates, for compatibility's sake. */
  static void trimmedImage(JsonNode container, FieldPath at, FieldErrors errors) {
    String image = Fields.text(container, "image");
    if (!image.strip().equals(image)) {
      errors.invalid(at.child("image"), image, "must not have leading or trailing whitespace");
    }
  }
}
