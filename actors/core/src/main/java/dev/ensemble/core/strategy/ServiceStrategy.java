package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.object.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a service's allocated values over updates that leave them out, and drops those that its new
 * type has no use for. Allocates nothing itself.
 */
final class ServiceStrategy {
  private ServiceStrategy() {}

  static void create(ObjectNode service) {
    service.putObject("status").putObject("loadBalancer");
    ObjectNode spec = Fields.ensureObject(service, "spec");
    String first = Fields.text(spec, "clusterIP");
    if (!first.isEmpty() && Fields.size(spec, "clusterIPs") == 0) {
      spec.putArray("clusterIPs").add(first);
    }
    families(spec);
  }

  /** Single stack is all there is as long as nobody allocates from two ranges. */
  private static void families(ObjectNode spec) {
    if (Fields.text(spec, "type").equals("ExternalName")) {
      return;
    }
    Fields.defaultText(spec, "ipFamilyPolicy", "SingleStack");
    if (Fields.size(spec, "ipFamilies") == 0) {
      boolean six = Fields.text(spec, "clusterIP").indexOf(':') >= 0;
      spec.putArray("ipFamilies").add(six ? "IPv6" : "IPv4");
    }
  }

  static void update(ObjectNode service, JsonNode old) {
    ObjectNode spec = Fields.ensureObject(service, "spec");
    JsonNode before = old.path("spec");
    patchAllocated(spec, before);
    normalizeAddresses(spec, before);
    dropUnused(spec, before);
    families(spec);
  }

  private static boolean hasClusterIp(JsonNode spec) {
    return !Fields.text(spec, "type").equals("ExternalName");
  }

  private static boolean hasNodePorts(JsonNode spec) {
    String type = Fields.text(spec, "type");
    return type.equals("NodePort") || type.equals("LoadBalancer");
  }

  private static boolean hasHealthCheck(JsonNode spec) {
    return Fields.text(spec, "type").equals("LoadBalancer")
        && Fields.text(spec, "externalTrafficPolicy").equals("Local");
  }

  private static void patchAllocated(ObjectNode spec, JsonNode before) {
    if (hasClusterIp(spec) && hasClusterIp(before)) {
      if (Fields.text(spec, "clusterIP").isEmpty() && Fields.size(spec, "clusterIPs") == 0) {
        SystemMetadata.copy(spec, before, "clusterIP");
        SystemMetadata.copy(spec, before, "clusterIPs");
      }
      for (String field : List.of("ipFamilies", "ipFamilyPolicy")) {
        if (!Fields.has(spec, field)) {
          SystemMetadata.copy(spec, before, field);
        }
      }
    }
    if (hasNodePorts(spec) && hasNodePorts(before)) {
      Map<String, Long> known = new HashMap<>();
      for (JsonNode port : Fields.items(before, "ports")) {
        known.put(portKey(port), Fields.number(port, "nodePort"));
      }
      for (JsonNode port : Fields.items(spec, "ports")) {
        long kept = known.getOrDefault(portKey(port), 0L);
        if (Fields.number(port, "nodePort") == 0 && kept != 0) {
          Fields.putNumber((ObjectNode) port, "nodePort", kept);
        }
      }
    }
    if (hasHealthCheck(spec)
        && hasHealthCheck(before)
        && Fields.number(spec, "healthCheckNodePort") == 0) {
      SystemMetadata.copy(spec, before, "healthCheckNodePort");
    }
  }

  private static String portKey(JsonNode port) {
    return Fields.text(port, "protocol") + "/" + Fields.number(port, "port");
  }

  /** Old clients know {@code clusterIP} only: the list follows what they change. */
  private static void normalizeAddresses(ObjectNode spec, JsonNode before) {
    String now = Fields.text(spec, "clusterIP");
    boolean sameList = spec.path("clusterIPs").equals(before.path("clusterIPs"));
    if (now.equals(Fields.text(before, "clusterIP"))) {
      return;
    }
    if (now.isEmpty()) {
      if (sameList) {
        spec.remove("clusterIPs");
      }
    } else if (sameList) {
      spec.putArray("clusterIPs").add(now);
    }
  }

  /** A client that changes the type need not know what hung on the old one. */
  private static void dropUnused(ObjectNode spec, JsonNode before) {
    if (hasClusterIp(before) && !hasClusterIp(spec)) {
      for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
        dropUnchanged(spec, before, field);
      }
      dropUnchanged(spec, before, "internalTrafficPolicy");
    }
    if (hasNodePorts(before) && !hasNodePorts(spec) && samePorts(spec, before)) {
      for (JsonNode port : Fields.items(spec, "ports")) {
        ((ObjectNode) port).remove("nodePort");
      }
    }
    if (hasHealthCheck(before) && !hasHealthCheck(spec)) {
      dropUnchanged(spec, before, "healthCheckNodePort");
    }
    boolean wasBalancer = Fields.text(before, "type").equals("LoadBalancer");
    if (wasBalancer && !Fields.text(spec, "type").equals("LoadBalancer")) {
      dropUnchanged(spec, before, "allocateLoadBalancerNodePorts");
      dropUnchanged(spec, before, "loadBalancerClass");
    }
    boolean open = hasNodePorts(spec) || Fields.size(spec, "externalIPs") > 0;
    if (!open) {
      dropUnchanged(spec, before, "externalTrafficPolicy");
    }
  }

  private static boolean samePorts(JsonNode spec, JsonNode before) {
    Map<String, Long> now = new HashMap<>();
    for (JsonNode port : Fields.items(spec, "ports")) {
      now.put(portKey(port), Fields.number(port, "nodePort"));
    }
    for (JsonNode port : Fields.items(before, "ports")) {
      now.remove(portKey(port), Fields.number(port, "nodePort"));
    }
    now.values().removeIf(nodePort -> nodePort == 0);
    return now.isEmpty();
  }

  private static void dropUnchanged(ObjectNode spec, JsonNode before, String field) {
    if (JsonEquality.equal(spec.path(field), before.path(field))) {
      spec.remove(field);
    }
  }
}
