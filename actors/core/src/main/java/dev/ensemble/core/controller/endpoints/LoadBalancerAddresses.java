package dev.ensemble.core.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.PodFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every Ready node balances load for Services of type LoadBalancer: their ingress addresses are the
 * nodes'. With {@code externalTrafficPolicy: Local} only nodes that run a ready pod of the Service
 * count.
 */
final class LoadBalancerAddresses {
  private LoadBalancerAddresses() {}

  static Optional<Action> plan(ServiceFacts service, ServiceView view) {
    JsonNode status = view.service().path("status");
    JsonNode before = status.path("loadBalancer");
    boolean balanced =
        service.type().equals("LoadBalancer")
            && service.meta().deleting().isEmpty()
            && !service.spec().has("loadBalancerClass");
    if (!balanced && (before.isEmpty() || service.spec().has("loadBalancerClass"))) {
      return Optional.empty();
    }
    ObjectNode loadBalancer = JsonNodeFactory.instance.objectNode();
    if (balanced) {
      for (String address : addresses(service, view)) {
        loadBalancer.withArray("ingress").addObject().put("ip", address).put("ipMode", "VIP");
      }
    }
    if (loadBalancer.equals(before) || (loadBalancer.isEmpty() && before.isEmpty())) {
      return Optional.empty();
    }
    ObjectNode wanted =
        status.isObject() ? status.deepCopy() : JsonNodeFactory.instance.objectNode();
    wanted.set("loadBalancer", loadBalancer);
    return Optional.of(new Action.ReportStatus(service.meta().key(), service.meta().uid(), wanted));
  }

  private static Set<String> addresses(ServiceFacts service, ServiceView view) {
    boolean local = service.spec().path("externalTrafficPolicy").asText().equals("Local");
    Set<String> withPods =
        service.selected(view.pods()).stream()
            .filter(service::ready)
            .map(PodFacts::node)
            .collect(Collectors.toSet());
    List<String> families = service.families();
    Set<String> addresses = new TreeSet<>();
    for (NodeFacts node : view.nodes().values()) {
      if (node.balances() && (!local || withPods.contains(node.name()))) {
        node.addresses().stream()
            .filter(address -> families.contains(ServiceFacts.familyOf(address)))
            .forEach(addresses::add);
      }
    }
    return addresses;
  }
}
