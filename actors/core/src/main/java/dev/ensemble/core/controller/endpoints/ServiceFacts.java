package dev.ensemble.core.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Service, and how one of its pods appears as an endpoint. */
record ServiceFacts(ObjectFacts meta, JsonNode spec) {
  static final String IPV4 = "IPv4";
  static final String IPV6 = "IPv6";
  private static final String HEADLESS = "service.kubernetes.io/headless";

  String type() {
    return spec.path("type").asText("ClusterIP");
  }

  boolean headless() {
    return spec.path("clusterIP").asText().equals("None");
  }

  boolean publishesNotReady() {
    return spec.path("publishNotReadyAddresses").asBoolean();
  }

  /** Whether this controller looks after its endpoints at all. */
  boolean selects() {
    return !spec.path("selector").isEmpty() && !type().equals("ExternalName");
  }

  /** The pods that it selects, those that have ended or have no address left out, by name. */
  List<PodFacts> selected(List<PodFacts> pods) {
    Selection selection = Selection.ofLabels(spec.path("selector"));
    return pods.stream()
        .filter(pod -> pod.meta().namespace().equals(meta.namespace()))
        .filter(pod -> selection.matches(pod.meta().labels()))
        .filter(pod -> !pod.finished() && !pod.ips().isEmpty())
        .sorted(Comparator.comparing(pod -> pod.meta().name()))
        .toList();
  }

  List<String> families() {
    List<String> families = new ArrayList<>();
    spec.path("ipFamilies").forEach(family -> families.add(family.asText()));
    if (families.isEmpty()) {
      families.add(familyOf(spec.path("clusterIP").asText()));
    }
    return families;
  }

  static String familyOf(String address) {
    return address.indexOf(':') >= 0 ? IPV6 : IPV4;
  }

  boolean ready(PodFacts pod) {
    return publishesNotReady() || (pod.ready() && pod.meta().deleting().isEmpty());
  }

  /** The Service's ports as this pod has them; a named port that the pod lacks is left out. */
  ArrayNode ports(PodFacts pod) {
    ArrayNode ports = JsonNodeFactory.instance.arrayNode();
    for (JsonNode port : spec.path("ports")) {
      String protocol = port.path("protocol").asText("TCP");
      Optional<Integer> number = number(port, protocol, pod);
      if (number.isPresent()) {
        ObjectNode json = ports.addObject();
        json.put("name", port.path("name").asText());
        json.put("port", number.get().intValue()).put("protocol", protocol);
        if (port.hasNonNull("appProtocol")) {
          json.put("appProtocol", port.path("appProtocol").asText());
        }
      }
    }
    return ports;
  }

  private static Optional<Integer> number(JsonNode port, String protocol, PodFacts pod) {
    JsonNode target = port.path("targetPort");
    if (target.isTextual()) {
      return pod.ports().stream()
          .filter(named -> named.name().equals(target.asText()))
          .filter(named -> named.protocol().equals(protocol))
          .map(PodFacts.Port::number)
          .findFirst();
    }
    int number = target.asInt();
    return Optional.of(number == 0 ? port.path("port").asInt() : number);
  }

  /** The pod's stable name in DNS, if this Service gives it one. */
  Optional<String> hostname(PodFacts pod) {
    return !pod.hostname().isEmpty() && pod.subdomain().equals(meta.name())
        ? Optional.of(pod.hostname())
        : Optional.empty();
  }

  static ObjectNode targetRef(PodFacts pod) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", "Pod")
        .put("namespace", pod.meta().namespace())
        .put("name", pod.meta().name())
        .put("uid", pod.meta().uid());
  }

  /** The Service's own labels, with those that the controller sets. */
  Map<String, String> labels(Map<String, String> controllers) {
    Map<String, String> labels = new LinkedHashMap<>(meta.labels());
    labels.remove(HEADLESS);
    if (headless()) {
      labels.put(HEADLESS, "");
    }
    labels.putAll(controllers);
    return labels;
  }

  /** A merge patch for {@code metadata.labels} that leaves exactly {@code wanted}; may be empty. */
  static ObjectNode labelPatch(Map<String, String> present, Map<String, String> wanted) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    present.keySet().stream()
        .filter(label -> !wanted.containsKey(label))
        .forEach(label -> patch.withObject("/metadata/labels").putNull(label));
    wanted.forEach(
        (label, value) -> {
          if (!value.equals(present.get(label))) {
            patch.withObject("/metadata/labels").put(label, value);
          }
        });
    return patch;
  }
}
