package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pod's spec, in a pod or in a template. */
final class PodSpecRules {
  private static final int NAMESERVERS_MAX = 3;
  private static final int SEARCHES_MAX = 32;
  private static final int SEARCH_LIST_LENGTH_MAX = 2048;

  private PodSpecRules() {}

  /** What the spec is part of: a template is judged a little more mildly. */
  enum Part {
    POD,
    TEMPLATE
  }

  static void spec(JsonNode spec, Part part, FieldPath path, FieldErrors errors) {
    if (!Fields.has(spec, "terminationGracePeriodSeconds")) {
      errors.required(path.child("terminationGracePeriodSeconds"), "");
    }
    Map<String, JsonNode> volumes = VolumeRules.volumes(spec, path.child("volumes"), errors);
    new ContainerRules(spec, volumes, path, errors).all();
    hostNetworkPorts(spec, part, path.child("containers"), errors);
    errors.oneOf(
        path.child("restartPolicy"),
        Fields.text(spec, "restartPolicy"),
        List.of("Always", "Never", "OnFailure"));
    errors.oneOf(
        path.child("dnsPolicy"),
        Fields.text(spec, "dnsPolicy"),
        List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"));
    MetadataRules.labels(spec.path("nodeSelector"), path.child("nodeSelector"), errors);
    SecurityRules.pod(spec, path, errors);
    pullSecrets(spec, path.child("imagePullSecrets"), errors);
    AffinityRules.affinity(spec.path("affinity"), path.child("affinity"), errors);
    dns(spec, path.child("dnsConfig"), errors);
    gates(spec, path, errors);
    AffinityRules.topologySpread(spec, path.child("topologySpreadConstraints"), errors);
    names(spec, path, errors);
    TaintRules.tolerations(spec, path.child("tolerations"), errors);
    hostAliases(spec, path.child("hostAliases"), errors);
    Fields.optionalNumber(spec, "activeDeadlineSeconds")
        .ifPresent(
            seconds -> {
              if (seconds < 1 || seconds > Integer.MAX_VALUE) {
                errors.invalid(
                    path.child("activeDeadlineSeconds"), seconds, Keys.range(1, Integer.MAX_VALUE));
              }
            });
    overhead(spec, path.child("overhead"), errors);
    os(spec, path.child("os"), errors);
    if (Fields.has(spec, "resources")) {
      ResourceRules.requirements(spec.get("resources"), path.child("resources"), errors);
    }
  }

  private static void names(JsonNode spec, FieldPath path, FieldErrors errors) {
    for (String field :
        List.of("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName")) {
      String name = Fields.text(spec, field);
      if (!name.isEmpty()) {
        errors.invalidEach(path.child(field), name, Names.dns1123Subdomain(name));
      }
    }
    for (String field : List.of("hostname", "subdomain")) {
      String name = Fields.text(spec, field);
      if (!name.isEmpty()) {
        errors.invalidEach(path.child(field), name, Names.dns1123Label(name));
      }
    }
    if (Fields.has(spec, "preemptionPolicy")) {
      errors.oneOf(
          path.child("preemptionPolicy"),
          Fields.text(spec, "preemptionPolicy"),
          List.of("Never", "PreemptLowerPriority"));
    }
  }

  private static void hostNetworkPorts(
      JsonNode spec, Part part, FieldPath path, FieldErrors errors) {
    if (!Fields.flag(spec, "hostNetwork")) {
      return;
    }
    int container = 0;
    for (JsonNode one : Fields.items(spec, "containers")) {
      FieldPath at = path.index(container++).child("ports");
      int position = 0;
      for (JsonNode port : Fields.items(one, "ports")) {
        FieldPath portPath = at.index(position++).child("hostPort");
        long host = Fields.number(port, "hostPort");
        boolean given = part == Part.POD || host != 0;
        if (given && host != Fields.number(port, "containerPort")) {
          errors.invalid(portPath, host, "must match `containerPort` when `hostNetwork` is true");
        }
      }
    }
  }

  private static void pullSecrets(JsonNode spec, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode secret : Fields.items(spec, "imagePullSecrets")) {
      FieldPath at = path.index(position++);
      if (secret.size() > (Fields.has(secret, "name") ? 1 : 0)) {
        errors.invalid(at, secret, "only name may be set");
      }
    }
  }

  private static void dns(JsonNode spec, FieldPath path, FieldErrors errors) {
    JsonNode config = spec.path("dnsConfig");
    if (Fields.text(spec, "dnsPolicy").equals("None")) {
      if (!Fields.has(spec, "dnsConfig")) {
        errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        return;
      }
      if (Fields.size(config, "nameservers") == 0) {
        errors.required(
            path.child("nameservers"),
            "must provide at least one DNS nameserver when `dnsPolicy` is None");
        return;
      }
    }
    if (Fields.size(config, "nameservers") > NAMESERVERS_MAX) {
      errors.invalid(
          path.child("nameservers"),
          config.get("nameservers"),
          "must not have more than " + NAMESERVERS_MAX + " nameservers");
    }
    int position = 0;
    for (JsonNode server : Fields.items(config, "nameservers")) {
      Addresses.ip(path.child("nameservers").index(position++), server.asText(), errors);
    }
    searches(config, path.child("searches"), errors);
    position = 0;
    for (JsonNode option : Fields.items(config, "options")) {
      FieldPath at = path.child("options").index(position++);
      if (Fields.text(option, "name").isEmpty()) {
        errors.required(at, "must not be empty");
      }
    }
  }

  private static void searches(JsonNode config, FieldPath path, FieldErrors errors) {
    List<String> searches = new ArrayList<>();
    Fields.items(config, "searches").forEach(search -> searches.add(search.asText()));
    if (searches.size() > SEARCHES_MAX) {
      errors.invalid(
          path,
          config.get("searches"),
          "must not have more than " + SEARCHES_MAX + " search paths");
    }
    if (String.join(" ", searches).length() > SEARCH_LIST_LENGTH_MAX) {
      errors.invalid(
          path,
          config.get("searches"),
          "must not have more than "
              + SEARCH_LIST_LENGTH_MAX
              + " characters (including spaces) in the search list");
    }
    for (int i = 0; i < searches.size(); i++) {
      String search = searches.get(i);
      if (search.equals(".")) {
        continue;
      }
      String relative = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
      // Underscores are legal in a search path, though in no other name.
      errors.invalidEach(
          path.index(i), relative, Names.dns1123Subdomain(relative.replace('_', 'a')));
    }
  }

  private static void gates(JsonNode spec, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode gate : Fields.items(spec, "readinessGates")) {
      String type = Fields.text(gate, "conditionType");
      errors.invalidEach(
          path.child("readinessGates").index(position++).child("conditionType"),
          type,
          Keys.qualifiedName(type));
    }
    Set<String> seen = new HashSet<>();
    position = 0;
    for (JsonNode gate : Fields.items(spec, "schedulingGates")) {
      FieldPath at = path.child("schedulingGates").index(position++);
      String name = Fields.text(gate, "name");
      errors.invalidEach(at, name, Keys.qualifiedName(name));
      if (!seen.add(name)) {
        errors.duplicate(at, name);
      }
    }
  }

  private static void hostAliases(JsonNode spec, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode alias : Fields.items(spec, "hostAliases")) {
      FieldPath at = path.index(position++);
      Addresses.ip(at.child("ip"), Fields.text(alias, "ip"), errors);
      int host = 0;
      for (JsonNode name : Fields.items(alias, "hostnames")) {
        errors.invalidEach(
            at.child("hostnames").index(host++),
            name.asText(),
            Names.dns1123Subdomain(name.asText()));
      }
    }
  }

  private static void overhead(JsonNode spec, FieldPath path, FieldErrors errors) {
    for (Map.Entry<String, JsonNode> amount : Fields.entries(spec, "overhead")) {
      FieldPath at = path.child("limits").key(amount.getKey());
      ResourceRules.name(amount.getKey(), at, errors);
      ResourceRules.amount(amount.getKey(), amount.getValue(), at, errors);
    }
  }

  private static void os(JsonNode spec, FieldPath path, FieldErrors errors) {
    if (Fields.has(spec, "os")) {
      errors.oneOf(
          path.child("name"), Fields.text(spec.get("os"), "name"), List.of("linux", "windows"));
    }
  }

  /** A pod template of a controller. */
  static void template(JsonNode template, FieldPath path, FieldErrors errors) {
    MetadataRules.template(template, path, errors);
    spec(template.path("spec"), Part.TEMPLATE, path.child("spec"), errors);
    if (Fields.size(template.path("spec"), "ephemeralContainers") > 0) {
      errors.forbidden(
          path.child("spec").child("ephemeralContainers"),
          "ephemeral containers not allowed in pod template");
    }
  }
}
