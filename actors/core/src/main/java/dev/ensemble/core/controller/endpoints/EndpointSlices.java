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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Packs a Service's endpoints into slices, changing as few as possible: endpoints stay where they
 * are, room in slices that change anyway is used first, then the fullest slice that has room for
 * the rest, then a new one.
 */
final class EndpointSlices {
  static final ResourceName SLICES = new ResourceName("discovery.k8s.io", "endpointslices");
  static final String SERVICE_NAME = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  static final String MANAGER = "endpointslice-controller.k8s.io";

  /** Upstream's max-endpoints-per-slice. */
  static final int SLICE_SIZE_MAX = 100;

  private final ServiceFacts service;
  private final ServiceView view;
  private final List<Action> actions = new ArrayList<>();
  private final Map<String, String> labels;

  EndpointSlices(ServiceFacts service, ServiceView view) {
    this.service = service;
    this.view = view;
    labels = service.labels(Map.of(SERVICE_NAME, service.meta().name(), MANAGED_BY, MANAGER));
  }

  /** A slice on its way from what is to what is wanted. */
  private static final class Slice {
    final Optional<ObjectNode> existing;
    final Map<String, JsonNode> endpoints = new LinkedHashMap<>();
    ArrayNode ports;
    boolean changed;

    Slice(Optional<ObjectNode> existing, ArrayNode ports) {
      this.existing = existing;
      this.ports = ports;
      changed = existing.isEmpty();
      existing.ifPresent(
          slice -> slice.path("endpoints").forEach(one -> endpoints.put(id(one), one)));
    }

    int room() {
      return SLICE_SIZE_MAX - endpoints.size();
    }
  }

  List<Action> plan() {
    List<ObjectNode> ours =
        view.slices().stream()
            .filter(slice -> labels(slice).getOrDefault(MANAGED_BY, "").equals(MANAGER))
            .filter(slice -> !slice.path("metadata").has("deletionTimestamp"))
            .sorted(Comparator.comparing(slice -> slice.path("metadata").path("name").asText()))
            .toList();
    List<String> families = service.families();
    for (String family : families) {
      List<ObjectNode> existing =
          ours.stream().filter(one -> one.path("addressType").asText().equals(family)).toList();
      plan(family, existing);
    }
    ours.stream()
        .filter(slice -> !families.contains(slice.path("addressType").asText()))
        .forEach(this::delete);
    return actions;
  }

  private void plan(String family, List<ObjectNode> existing) {
    Map<String, ArrayNode> portSets = new TreeMap<>();
    Map<String, Map<String, JsonNode>> desired = new TreeMap<>();
    for (PodFacts pod : service.selected(view.pods())) {
      ArrayNode addresses = addresses(pod, family);
      if (addresses.isEmpty()) {
        continue;
      }
      ArrayNode ports = service.ports(pod);
      portSets.putIfAbsent(ports.toString(), ports);
      ObjectNode endpoint = endpoint(pod, addresses);
      desired
          .computeIfAbsent(ports.toString(), ignored -> new LinkedHashMap<>())
          .put(id(endpoint), endpoint);
    }
    List<Slice> all = new ArrayList<>();
    Deque<Slice> spare = new ArrayDeque<>();
    Map<String, List<Slice>> byPorts = new TreeMap<>();
    for (ObjectNode slice : existing) {
      ArrayNode ports = ports(slice);
      Slice held = new Slice(Optional.of(slice), ports);
      all.add(held);
      byPorts.computeIfAbsent(ports.toString(), ignored -> new ArrayList<>()).add(held);
    }
    byPorts.forEach(
        (ports, slices) -> {
          if (!desired.containsKey(ports)) {
            slices.forEach(slice -> slice.endpoints.clear());
            spare.addAll(slices);
          }
        });
    desired.forEach(
        (ports, endpoints) ->
            pack(
                portSets.get(ports),
                endpoints,
                byPorts.getOrDefault(ports, List.of()),
                all,
                spare));
    if (all.stream().allMatch(slice -> slice.endpoints.isEmpty())) {
      placeholder(family, all);
      return;
    }
    all.forEach(slice -> write(family, slice));
  }

  private static void pack(
      ArrayNode ports,
      Map<String, JsonNode> endpoints,
      List<Slice> existing,
      List<Slice> all,
      Deque<Slice> spare) {
    Map<String, JsonNode> missing = new LinkedHashMap<>(endpoints);
    for (Slice slice : existing) {
      for (String id : List.copyOf(slice.endpoints.keySet())) {
        JsonNode wanted = missing.remove(id);
        if (wanted == null) {
          slice.endpoints.remove(id);
          slice.changed = true;
        } else if (!wanted.equals(slice.endpoints.get(id))) {
          slice.endpoints.put(id, wanted);
          slice.changed = true;
        }
      }
    }
    existing.stream().filter(slice -> slice.changed).forEach(slice -> fill(slice, missing));
    while (!missing.isEmpty()) {
      Optional<Slice> fullestWithRoom =
          existing.stream()
              .filter(slice -> slice.room() >= missing.size())
              .min(Comparator.comparing(Slice::room));
      fill(fullestWithRoom.orElseGet(() -> another(ports, all, spare)), missing);
    }
  }

  private static Slice another(ArrayNode ports, List<Slice> all, Deque<Slice> spare) {
    Slice reused = spare.poll();
    if (reused != null) {
      reused.ports = ports;
      reused.changed = true;
      return reused;
    }
    Slice created = new Slice(Optional.empty(), ports);
    all.add(created);
    return created;
  }

  private static void fill(Slice slice, Map<String, JsonNode> missing) {
    for (String id : List.copyOf(missing.keySet())) {
      if (slice.room() == 0) {
        return;
      }
      slice.endpoints.put(id, missing.remove(id));
      slice.changed = true;
    }
  }

  /** A Service without endpoints has one empty slice, so that its readers know that we looked. */
  private void placeholder(String family, List<Slice> all) {
    Slice kept =
        all.isEmpty()
            ? new Slice(Optional.empty(), JsonNodeFactory.instance.arrayNode())
            : all.get(0);
    if (!kept.ports.isEmpty()
        || kept.existing.filter(slice -> !slice.path("endpoints").isEmpty()).isPresent()) {
      kept.ports = JsonNodeFactory.instance.arrayNode();
      kept.changed = true;
    }
    writeKept(family, kept);
    all.stream().skip(1).forEach(slice -> slice.existing.ifPresent(this::delete));
  }

  private void write(String family, Slice slice) {
    if (slice.endpoints.isEmpty()) {
      slice.existing.ifPresent(this::delete);
      return;
    }
    writeKept(family, slice);
  }

  private void writeKept(String family, Slice slice) {
    if (slice.existing.isEmpty()) {
      actions.add(new Action.Create(SLICES, created(family, slice), Optional.empty()));
      return;
    }
    ObjectNode existing = slice.existing.get();
    ObjectNode patch = ServiceFacts.labelPatch(labels(existing), labels);
    if (slice.changed) {
      patch.putArray("endpoints").addAll(slice.endpoints.values());
      patch.set("ports", slice.ports);
    }
    if (!patch.isEmpty()) {
      ObjectFacts meta = ObjectFacts.of(SLICES, existing);
      actions.add(new Action.Edit(meta.key(), meta.uid(), meta.revision(), patch));
    }
  }

  private ObjectNode created(String family, Slice slice) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
    ObjectNode metadata = json.putObject("metadata");
    metadata.put("generateName", service.meta().name() + "-");
    metadata.put("namespace", service.meta().namespace()).put("generation", 1);
    ObjectNode labelled = metadata.putObject("labels");
    labels.forEach(labelled::put);
    metadata.putArray("ownerReferences").add(OwnerRef.controlledBy(service.meta()).json());
    json.put("addressType", family);
    json.putArray("endpoints").addAll(slice.endpoints.values());
    json.set("ports", slice.ports);
    return json;
  }

  private void delete(ObjectNode slice) {
    ObjectFacts meta = ObjectFacts.of(SLICES, slice);
    actions.add(Action.Delete.of(meta.key(), meta.uid()));
  }

  private static ArrayNode addresses(PodFacts pod, String family) {
    ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
    pod.ips().stream()
        .filter(ip -> ServiceFacts.familyOf(ip).equals(family))
        .forEach(addresses::add);
    return addresses;
  }

  private ObjectNode endpoint(PodFacts pod, ArrayNode addresses) {
    ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
    endpoint.set("addresses", addresses);
    endpoint
        .putObject("conditions")
        .put("ready", service.ready(pod))
        .put("serving", pod.ready())
        .put("terminating", pod.meta().deleting().isPresent());
    service.hostname(pod).ifPresent(name -> endpoint.put("hostname", name));
    if (!pod.node().isEmpty()) {
      endpoint.put("nodeName", pod.node());
      NodeFacts node = view.nodes().get(pod.node());
      if (node != null && !node.zone().isEmpty()) {
        endpoint.put("zone", node.zone());
      }
    }
    endpoint.set("targetRef", ServiceFacts.targetRef(pod));
    return endpoint;
  }

  /** A pod may change its addresses; it is the same endpoint still. */
  private static String id(JsonNode endpoint) {
    return endpoint.path("targetRef").path("uid").asText(endpoint.path("addresses").toString());
  }

  private static ArrayNode ports(ObjectNode slice) {
    return slice.path("ports") instanceof ArrayNode ports
        ? ports
        : JsonNodeFactory.instance.arrayNode();
  }

  private static Map<String, String> labels(ObjectNode slice) {
    return ObjectFacts.texts(slice.path("metadata").path("labels"));
  }
}
