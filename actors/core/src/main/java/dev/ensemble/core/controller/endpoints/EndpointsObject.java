package dev.ensemble.core.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.object.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The older Endpoints object: all addresses of a Service in one, for clients that still read it.
 */
final class EndpointsObject {
  static final ResourceName ENDPOINTS = new ResourceName("", "endpoints");
  static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

  /** Upstream's limit: what is above is left out, and an annotation says so. */
  static final int ADDRESSES_MAX = 1000;

  private EndpointsObject() {}

  static List<Action> plan(ServiceFacts service, ServiceView view) {
    List<PodFacts> pods =
        service.selected(view.pods()).stream()
            .filter(pod -> service.publishesNotReady() || pod.meta().deleting().isEmpty())
            .filter(pod -> address(service, pod).isPresent())
            .toList();
    boolean tooMany = pods.size() > ADDRESSES_MAX;
    if (tooMany) {
      // Ready ones are worth more than unready ones.
      List<PodFacts> kept = new ArrayList<>(pods.stream().filter(service::ready).toList());
      pods.stream().filter(pod -> !service.ready(pod)).forEach(kept::add);
      pods = kept.subList(0, ADDRESSES_MAX);
    }
    ArrayNode subsets = subsets(service, pods);
    Map<String, String> labels = service.labels(Map.of(MANAGED_BY, "endpoint-controller"));
    if (view.endpoints().isEmpty()) {
      return List.of(
          new Action.Create(
              ENDPOINTS, created(service, labels, subsets, tooMany), Optional.empty()));
    }
    return edit(view.endpoints().get(), labels, subsets, tooMany).stream().toList();
  }

  private static Optional<Action> edit(
      ObjectNode present, Map<String, String> labels, ArrayNode subsets, boolean tooMany) {
    ObjectFacts meta = ObjectFacts.of(ENDPOINTS, present);
    if (meta.deleting().isPresent()) {
      return Optional.empty();
    }
    ObjectNode patch = ServiceFacts.labelPatch(meta.labels(), labels);
    if (tooMany != meta.annotations().containsKey(OVER_CAPACITY)) {
      ObjectNode annotations = patch.withObject("/metadata/annotations");
      if (tooMany) {
        annotations.put(OVER_CAPACITY, "truncated");
      } else {
        annotations.putNull(OVER_CAPACITY);
      }
    }
    JsonNode before = present.path("subsets");
    if (subsets.isEmpty() && !before.isEmpty()) {
      patch.putNull("subsets");
    } else if (!subsets.isEmpty() && !subsets.equals(before)) {
      patch.set("subsets", subsets);
    }
    return patch.isEmpty()
        ? Optional.empty()
        : Optional.of(new Action.Edit(meta.key(), meta.uid(), meta.revision(), patch));
  }

  private static ObjectNode created(
      ServiceFacts service, Map<String, String> labels, ArrayNode subsets, boolean tooMany) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", "v1").put("kind", "Endpoints");
    ObjectNode metadata = json.putObject("metadata");
    metadata.put("name", service.meta().name()).put("namespace", service.meta().namespace());
    ObjectNode labelled = metadata.putObject("labels");
    labels.forEach(labelled::put);
    if (tooMany) {
      metadata.putObject("annotations").put(OVER_CAPACITY, "truncated");
    }
    metadata.putArray("ownerReferences").add(OwnerRef.controlledBy(service.meta()).json());
    if (!subsets.isEmpty()) {
      json.set("subsets", subsets);
    }
    return json;
  }

  /** One subset for each set of ports that pods have. */
  private static ArrayNode subsets(ServiceFacts service, List<PodFacts> pods) {
    Map<String, ObjectNode> byPorts = new TreeMap<>();
    for (PodFacts pod : pods) {
      ArrayNode ports = ports(service, pod);
      if (ports.isEmpty() && !service.spec().path("ports").isEmpty()) {
        continue;
      }
      ObjectNode subset =
          byPorts.computeIfAbsent(
              ports.toString(), ignored -> JsonNodeFactory.instance.objectNode());
      String list = service.ready(pod) ? "addresses" : "notReadyAddresses";
      ArrayNode addresses =
          subset.path(list) instanceof ArrayNode array ? array : subset.putArray(list);
      addresses.add(addressOf(service, pod));
      if (!ports.isEmpty()) {
        subset.set("ports", ports);
      }
    }
    ArrayNode subsets = JsonNodeFactory.instance.arrayNode();
    byPorts.values().forEach(subsets::add);
    return subsets;
  }

  private static ArrayNode ports(ServiceFacts service, PodFacts pod) {
    ArrayNode ports = service.ports(pod);
    for (JsonNode port : ports) {
      if (port.path("name").asText().isEmpty()) {
        ((ObjectNode) port).remove("name");
      }
    }
    return ports;
  }

  private static ObjectNode addressOf(ServiceFacts service, PodFacts pod) {
    ObjectNode address = JsonNodeFactory.instance.objectNode();
    address.put("ip", address(service, pod).orElseThrow());
    service.hostname(pod).ifPresent(name -> address.put("hostname", name));
    if (!pod.node().isEmpty()) {
      address.put("nodeName", pod.node());
    }
    address.set("targetRef", ServiceFacts.targetRef(pod));
    return address;
  }

  /** The pod's address of the Service's first family. */
  private static Optional<String> address(ServiceFacts service, PodFacts pod) {
    String family = service.families().get(0);
    return pod.ips().stream().filter(ip -> ServiceFacts.familyOf(ip).equals(family)).findFirst();
  }
}
