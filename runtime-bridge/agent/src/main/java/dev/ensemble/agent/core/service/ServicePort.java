package dev.ensemble.agent.core.service;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.find;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.number;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.Fields.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One port of a Service, with what its packets need to know.
 *
 * @param clusterIp empty for none
 * @param nodePort 0 for none
 * @param externalIps externalIPs and the load balancer's addresses
 * @param loadBalanced on the node's own addresses too, loopback included
 * @param affinitySeconds of ClientIP affinity
 * @param localOnly externalTrafficPolicy Local
 * @param internalLocalOnly internalTrafficPolicy Local
 */
record ServicePort(
    String name,
    String clusterIp,
    String protocol,
    int port,
    int nodePort,
    List<String> externalIps,
    boolean loadBalanced,
    Optional<Long> affinitySeconds,
    boolean localOnly,
    boolean internalLocalOnly,
    List<Endpoint> endpoints) {

  /** Where packets can go. */
  record Endpoint(String ip, int port, boolean local) {}

  /** All ports of all Services, in the order of their names. IPv4 only. */
  static List<ServicePort> of(List<ObjectNode> services, List<ObjectNode> slices, String nodeName) {
    List<ServicePort> ports = new ArrayList<>();
    for (ObjectNode service : services) {
      String ip = text(service, "spec", "clusterIP");
      if (text(service, "spec", "type").equals("ExternalName")
          || ip.isEmpty()
          || ip.equals("None")
          || ip.contains(":")) {
        continue;
      }
      for (JsonNode port : list(service, "spec", "ports")) {
        ports.add(of(service, port, ip, slices, nodeName));
      }
    }
    ports.sort(Comparator.comparing(ServicePort::name));
    return ports;
  }

  private static ServicePort of(
      ObjectNode service, JsonNode port, String ip, List<ObjectNode> slices, String nodeName) {
    String portName = text(port, "name");
    String name =
        text(service, "metadata", "namespace")
            + "/"
            + text(service, "metadata", "name")
            + (portName.isEmpty() ? "" : ":" + portName);
    List<String> external = new ArrayList<>(texts(service, "spec", "externalIPs"));
    list(service, "status", "loadBalancer", "ingress")
        .forEach(ingress -> find(ingress, "ip").ifPresent(external::add));
    external.removeIf(address -> address.contains(":") || address.startsWith("127."));
    boolean affinity = text(service, "spec", "sessionAffinity").equals("ClientIP");
    return new ServicePort(
        name,
        ip,
        find(port, "protocol").orElse("TCP").toLowerCase(Locale.ROOT),
        at(port, "port").asInt(),
        at(port, "nodePort").asInt(0),
        List.copyOf(new TreeSet<>(external)),
        text(service, "spec", "type").equals("LoadBalancer"),
        affinity
            ? Optional.of(
                number(service, "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds")
                    .orElse(10800L))
            : Optional.empty(),
        text(service, "spec", "externalTrafficPolicy").equals("Local"),
        text(service, "spec", "internalTrafficPolicy").equals("Local"),
        endpoints(service, portName, slices, nodeName));
  }

  /**
   * Ready endpoints; those that are ending but still serve, when no others are left. None on
   * loopback: no packet from elsewhere can go there, and no rule may touch loopback's own.
   */
  private static List<Endpoint> endpoints(
      ObjectNode service, String portName, List<ObjectNode> slices, String nodeName) {
    List<Endpoint> ready = new ArrayList<>();
    List<Endpoint> serving = new ArrayList<>();
    for (ObjectNode slice : slices) {
      boolean ours =
          text(slice, "metadata", "namespace").equals(text(service, "metadata", "namespace"))
              && text(slice, "metadata", "labels", "kubernetes.io/service-name")
                  .equals(text(service, "metadata", "name"))
              && !text(slice, "addressType").equals("IPv6");
      if (!ours) {
        continue;
      }
      for (JsonNode port : list(slice, "ports")) {
        if (!text(port, "name").equals(portName)) {
          continue;
        }
        for (JsonNode endpoint : list(slice, "endpoints")) {
          boolean local = text(endpoint, "nodeName").equals(nodeName);
          boolean isReady = at(endpoint, "conditions", "ready").asBoolean(true);
          boolean serves =
              Fields.flag(endpoint, "conditions", "serving")
                  && Fields.flag(endpoint, "conditions", "terminating");
          texts(endpoint, "addresses").stream()
              .findFirst()
              .filter(ip -> !ip.startsWith("127."))
              .map(ip -> new Endpoint(ip, at(port, "port").asInt(), local))
              .ifPresent(
                  found -> {
                    if (isReady) {
                      ready.add(found);
                    } else if (serves) {
                      serving.add(found);
                    }
                  });
        }
      }
    }
    return (ready.isEmpty() ? serving : ready)
        .stream()
            .distinct()
            .sorted(Comparator.comparing(Endpoint::ip).thenComparing(Endpoint::port))
            .toList();
  }

  List<Endpoint> localEndpoints() {
    return endpoints.stream().filter(Endpoint::local).toList();
  }

  List<Endpoint> internalEndpoints() {
    return internalLocalOnly ? localEndpoints() : endpoints;
  }

  List<Endpoint> externalEndpoints() {
    return localOnly ? localEndpoints() : endpoints;
  }
}
