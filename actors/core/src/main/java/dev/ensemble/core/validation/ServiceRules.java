package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Services. What hangs together with cluster addresses: {@link ServiceAddressRules}. */
final class ServiceRules implements KindRules {
  static final FieldPath SPEC = FieldPath.of("spec");
  private static final List<String> TYPES =
      List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
  private static final List<String> TRAFFIC_POLICIES = List.of("Cluster", "Local");

  /** A day. */
  private static final int AFFINITY_SECONDS_MAX = 86400;

  @Override
  public Names.Form names() {
    return Names::dns1035Label;
  }

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    String type = Fields.text(spec, "type");
    if (Fields.size(spec, "ports") == 0 && !isHeadless(spec) && !type.equals("ExternalName")) {
      errors.required(SPEC.child("ports"), "");
    }
    byType(spec, type, errors);
    ports(spec, type, errors);
    MetadataRules.labels(spec.path("selector"), SPEC.child("selector"), errors);
    affinity(spec, errors);
    ServiceAddressRules.all(spec, errors);
    int position = 0;
    for (JsonNode address : Fields.items(spec, "externalIPs")) {
      FieldPath at = SPEC.child("externalIPs").index(position++);
      Addresses.ip(at, address.asText(), errors);
      Addresses.usable(at, address.asText(), errors);
    }
    errors.oneOf(SPEC.child("type"), type, TYPES);
    balancer(spec, type, errors);
    traffic(spec, type, errors);
  }

  static boolean isHeadless(JsonNode spec) {
    return Fields.text(spec, "clusterIP").equals("None")
        || spec.path("clusterIPs").path(0).asText().equals("None");
  }

  private static void byType(JsonNode spec, String type, FieldErrors errors) {
    boolean external = type.equals("LoadBalancer") || type.equals("NodePort");
    if (external && isHeadless(spec)) {
      errors.invalid(
          SPEC.child("clusterIPs").index(0),
          "None",
          "may not be set to 'None' for " + type + " services");
    }
    if (!type.equals("ExternalName")) {
      return;
    }
    for (String field : List.of("clusterIPs", "ipFamilies")) {
      if (Fields.size(spec, field) > 0) {
        errors.forbidden(SPEC.child(field), "may not be set for ExternalName services");
      }
    }
    if (Fields.has(spec, "ipFamilyPolicy")) {
      errors.forbidden(SPEC.child("ipFamilyPolicy"), "may not be set for ExternalName services");
    }
    String name = Fields.text(spec, "externalName");
    String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (relative.isEmpty()) {
      errors.required(SPEC.child("externalName"), "");
    } else {
      errors.invalidEach(SPEC.child("externalName"), relative, Names.dns1123Subdomain(relative));
    }
  }

  private static void ports(JsonNode spec, String type, FieldErrors errors) {
    Set<String> names = new HashSet<>();
    Set<String> nodePorts = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    int count = Fields.size(spec, "ports");
    int position = 0;
    for (JsonNode port : Fields.items(spec, "ports")) {
      FieldPath at = SPEC.child("ports").index(position++);
      portName(port, count, names, at, errors);
      ContainerRules.portNumber(Fields.number(port, "port"), at.child("port"), errors);
      String protocol = Fields.text(port, "protocol");
      errors.oneOf(at.child("protocol"), protocol, PROTOCOLS);
      ProbeRules.portOrName(port.path("targetPort"), at.child("targetPort"), errors);
      String application = Fields.text(port, "appProtocol");
      if (!application.isEmpty()) {
        errors.invalidEach(at.child("appProtocol"), application, Keys.qualifiedName(application));
      }
      long nodePort = Fields.number(port, "nodePort");
      if (nodePort != 0 && type.equals("ClusterIP")) {
        errors.forbidden(at.child("nodePort"), "may not be used when `type` is 'ClusterIP'");
      }
      if (nodePort != 0 && !nodePorts.add(protocol + nodePort)) {
        errors.duplicate(at.child("nodePort"), port.get("nodePort"));
      }
      if (!numbers.add(protocol + Fields.number(port, "port"))) {
        errors.duplicate(at, port);
      }
    }
  }

  static void portName(
      JsonNode port, int ports, Set<String> names, FieldPath at, FieldErrors errors) {
    String name = Fields.text(port, "name");
    if (name.isEmpty()) {
      if (ports > 1) {
        errors.required(at.child("name"), "");
      }
      return;
    }
    errors.invalidEach(at.child("name"), name, Names.dns1123Label(name));
    if (!names.add(name)) {
      errors.duplicate(at.child("name"), name);
    }
  }

  private static void affinity(JsonNode spec, FieldErrors errors) {
    String affinity = Fields.text(spec, "sessionAffinity");
    errors.oneOf(SPEC.child("sessionAffinity"), affinity, List.of("ClientIP", "None"));
    FieldPath config = SPEC.child("sessionAffinityConfig");
    if (affinity.equals("None") && Fields.has(spec, "sessionAffinityConfig")) {
      errors.forbidden(config, "must not be set when session affinity is None");
    }
    if (!affinity.equals("ClientIP")) {
      return;
    }
    String why = "when session affinity type is ClientIP";
    JsonNode client = spec.path("sessionAffinityConfig").path("clientIP");
    FieldPath path = config.child("clientIP").child("timeoutSeconds");
    if (!Fields.has(spec, "sessionAffinityConfig")) {
      errors.required(config, why);
    } else if (client.isMissingNode()) {
      errors.required(config.child("clientIP"), why);
    } else if (!Fields.has(client, "timeoutSeconds")) {
      errors.required(path, why);
    } else {
      long seconds = Fields.number(client, "timeoutSeconds");
      if (seconds < 1 || seconds > AFFINITY_SECONDS_MAX) {
        errors.invalid(
            path, seconds, "must be greater than 0 and less than " + AFFINITY_SECONDS_MAX);
      }
    }
  }

  private static void balancer(JsonNode spec, String type, FieldErrors errors) {
    boolean balancer = type.equals("LoadBalancer");
    String only = "may only be used when `type` is 'LoadBalancer'";
    FieldPath ranges = SPEC.child("LoadBalancerSourceRanges");
    if (Fields.size(spec, "loadBalancerSourceRanges") > 0 && !balancer) {
      errors.forbidden(ranges, only);
    }
    int position = 0;
    for (JsonNode range : Fields.items(spec, "loadBalancerSourceRanges")) {
      Addresses.range(ranges.index(position++), range.asText().strip(), errors);
    }
    if (Fields.has(spec, "allocateLoadBalancerNodePorts") != balancer) {
      if (balancer) {
        errors.required(FieldPath.of("allocateLoadBalancerNodePorts"), "");
      } else {
        errors.forbidden(SPEC.child("allocateLoadBalancerNodePorts"), only);
      }
    }
    if (Fields.has(spec, "loadBalancerClass")) {
      String name = Fields.text(spec, "loadBalancerClass");
      if (!balancer) {
        errors.forbidden(SPEC.child("loadBalancerClass"), only);
      } else {
        errors.invalidEach(SPEC.child("loadBalancerClass"), name, Keys.qualifiedName(name));
      }
    }
  }

  /** Whether there is a way in from outside of the cluster. */
  static boolean externallyAccessible(JsonNode spec) {
    String type = Fields.text(spec, "type");
    return type.equals("LoadBalancer")
        || type.equals("NodePort")
        || (type.equals("ClusterIP") && Fields.size(spec, "externalIPs") > 0);
  }

  private static void traffic(JsonNode spec, String type, FieldErrors errors) {
    String policy = Fields.text(spec, "externalTrafficPolicy");
    FieldPath path = SPEC.child("externalTrafficPolicy");
    if (externallyAccessible(spec)) {
      errors.oneOf(path, policy, TRAFFIC_POLICIES);
    } else if (!policy.isEmpty()) {
      errors.invalid(path, policy, "may only be set for externally-accessible services");
    }
    boolean checked = type.equals("LoadBalancer") && policy.equals("Local");
    long check = Fields.number(spec, "healthCheckNodePort");
    if (check != 0 && !checked) {
      errors.invalid(
          SPEC.child("healthCheckNodePort"),
          check,
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    } else if (check != 0) {
      ContainerRules.portNumber(check, SPEC.child("healthCheckNodePort"), errors);
    }
    String internal = Fields.text(spec, "internalTrafficPolicy");
    FieldPath internalPath = SPEC.child("internalTrafficPolicy");
    if (internal.isEmpty() && TYPES.contains(type) && !type.equals("ExternalName")) {
      errors.required(internalPath, "");
    }
    errors.emptyOrOneOf(internalPath, internal, TRAFFIC_POLICIES);
    errors.emptyOrOneOf(
        SPEC.child("trafficDistribution"),
        Fields.text(spec, "trafficDistribution"),
        List.of("PreferClose", "PreferSameNode", "PreferSameZone"));
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    JsonNode before = old.path("spec");
    ServiceAddressRules.update(spec, before, errors);
    if (Fields.text(before, "type").equals("LoadBalancer")
        && Fields.text(spec, "type").equals("LoadBalancer")) {
      if (!spec.path("loadBalancerClass").equals(before.path("loadBalancerClass"))) {
        errors.invalid(
            SPEC.child("loadBalancerClass"),
            Fields.text(spec, "loadBalancerClass"),
            "may not change once set");
      }
      long check = Fields.number(before, "healthCheckNodePort");
      if (check != 0
          && Fields.text(before, "externalTrafficPolicy").equals("Local")
          && Fields.text(spec, "externalTrafficPolicy").equals("Local")
          && Fields.number(spec, "healthCheckNodePort") != check) {
        errors.forbidden(SPEC.child("healthCheckNodePort"), "field is immutable");
      }
    }
    create(object, errors);
  }

  @Override
  public void status(JsonNode object, JsonNode old, FieldErrors errors) {
    JsonNode balancer = object.path("status").path("loadBalancer");
    FieldPath path = FieldPath.of("status").child("loadBalancer").child("ingress");
    if (Fields.size(balancer, "ingress") > 0
        && !Fields.text(object.path("spec"), "type").equals("LoadBalancer")) {
      errors.forbidden(path, "may only be used when `spec.type` is \"LoadBalancer\"");
      return;
    }
    int position = 0;
    for (JsonNode ingress : Fields.items(balancer, "ingress")) {
      FieldPath at = path.index(position++);
      String ip = Fields.text(ingress, "ip");
      String host = Fields.text(ingress, "hostname");
      if (!ip.isEmpty()) {
        Addresses.ip(at.child("ip"), ip, errors);
      }
      if (Fields.has(ingress, "ipMode")) {
        if (ip.isEmpty()) {
          errors.forbidden(at.child("ipMode"), "may not be specified when `ip` is not set");
        }
        errors.oneOf(at.child("ipMode"), Fields.text(ingress, "ipMode"), List.of("Proxy", "VIP"));
      }
      if (!host.isEmpty()) {
        errors.invalidEach(at.child("hostname"), host, Names.dns1123Subdomain(host));
        if (Addresses.family(host).isPresent()) {
          errors.invalid(at.child("hostname"), host, "must be a DNS name, not an IP address");
        }
      }
    }
  }
}
