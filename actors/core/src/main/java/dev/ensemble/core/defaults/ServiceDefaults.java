package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;

/** Services. Addresses and node ports are given by whoever allocates them, not here. */
final class ServiceDefaults {
  private static final int AFFINITY_SECONDS = 10800;

  private ServiceDefaults() {}

  static void service(ObjectNode service) {
    ObjectNode spec = Fields.ensureObject(service, "spec");
    affinity(spec);
    Fields.defaultText(spec, "type", "ClusterIP");
    for (JsonNode port : Fields.items(spec, "ports")) {
      port((ObjectNode) port);
    }
    String type = Fields.text(spec, "type");
    boolean balancer = type.equals("LoadBalancer");
    boolean clusterIp = type.equals("ClusterIP");
    boolean external =
        balancer || type.equals("NodePort") || (clusterIp && Fields.size(spec, "externalIPs") > 0);
    if (external) {
      Fields.defaultText(spec, "externalTrafficPolicy", "Cluster");
    }
    if (balancer || clusterIp || type.equals("NodePort")) {
      Fields.defaultText(spec, "internalTrafficPolicy", "Cluster");
    }
    if (balancer) {
      if (!Fields.has(spec, "allocateLoadBalancerNodePorts")) {
        spec.put("allocateLoadBalancerNodePorts", true);
      }
      for (JsonNode ingress :
          Fields.items(service.path("status").path("loadBalancer"), "ingress")) {
        if (!Fields.text(ingress, "ip").isEmpty()) {
          Fields.defaultText((ObjectNode) ingress, "ipMode", "VIP");
        }
      }
    }
  }

  private static void affinity(ObjectNode spec) {
    Fields.defaultText(spec, "sessionAffinity", "None");
    if (Fields.text(spec, "sessionAffinity").equals("None")) {
      spec.remove("sessionAffinityConfig");
    } else if (Fields.text(spec, "sessionAffinity").equals("ClientIP")) {
      ObjectNode config = Fields.ensureObject(spec, "sessionAffinityConfig");
      Fields.defaultNumber(
          Fields.ensureObject(config, "clientIP"), "timeoutSeconds", AFFINITY_SECONDS);
    }
  }

  private static void port(ObjectNode port) {
    Fields.defaultText(port, "protocol", "TCP");
    JsonNode target = port.path("targetPort");
    if (target.isTextual() ? target.textValue().isEmpty() : target.asLong() == 0) {
      Fields.putNumber(port, "targetPort", Fields.number(port, "port"));
    }
  }
}
