package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a {@link PodRequest} from a pod's JSON. */
final class PodReader {
  private PodReader() {}

  static PodRequest read(JsonNode pod) {
    JsonNode meta = pod.path("metadata");
    JsonNode spec = pod.path("spec");
    String phase = pod.path("status").path("phase").asText();
    String namespace = meta.path("namespace").asText();
    Map<String, String> labels = strings(meta.path("labels"));
    PodTerms terms = new PodTerms(namespace, labels);
    JsonNode nodeAffinity = spec.path("affinity").path("nodeAffinity");
    return new PodRequest(
        meta.path("uid").asText(),
        namespace,
        meta.path("name").asText(),
        labels,
        controller(meta.path("ownerReferences")),
        spec.path("nodeName").asText(),
        spec.path("schedulerName").asText(),
        spec.path("priority").asInt(),
        !spec.path("preemptionPolicy").asText().equals("Never"),
        names(spec.path("schedulingGates")),
        PodResources.requests(spec),
        PodResources.scoredRequests(spec),
        strings(spec.path("nodeSelector")),
        requiredTerms(nodeAffinity),
        preferredTerms(nodeAffinity),
        tolerations(spec.path("tolerations")),
        terms.affinity(spec),
        terms.spread(spec),
        hostPorts(spec),
        images(spec),
        UnsupportedConstraints.of(spec),
        pod.path("status").path("nominatedNodeName").asText(),
        since(pod.path("status").path("startTime"), meta.path("creationTimestamp")),
        meta.has("deletionTimestamp"),
        phase.equals("Succeeded") || phase.equals("Failed"));
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new HashMap<>();
    object.fields().forEachRemaining(e -> strings.put(e.getKey(), e.getValue().asText()));
    return strings;
  }

  private static Instant since(JsonNode started, JsonNode made) {
    String text = started.asText(made.asText());
    return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
  }

  private static Optional<Controller> controller(JsonNode owners) {
    for (JsonNode owner : owners) {
      if (owner.path("controller").asBoolean()) {
        String version = owner.path("apiVersion").asText();
        int slash = version.indexOf('/');
        return Optional.of(
            new Controller(
                slash < 0 ? "" : version.substring(0, slash),
                owner.path("kind").asText(),
                owner.path("name").asText(),
                owner.path("uid").asText()));
      }
    }
    return Optional.empty();
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(item -> names.add(item.path("name").asText()));
    return names;
  }

  private static Optional<List<NodeTerm>> requiredTerms(JsonNode nodeAffinity) {
    JsonNode required = nodeAffinity.path("requiredDuringSchedulingIgnoredDuringExecution");
    if (required.isMissingNode()) {
      return Optional.empty();
    }
    List<NodeTerm> terms = new ArrayList<>();
    required.path("nodeSelectorTerms").forEach(term -> terms.add(term(term)));
    return Optional.of(terms);
  }

  private static List<NodeTerm.Preferred> preferredTerms(JsonNode nodeAffinity) {
    List<NodeTerm.Preferred> terms = new ArrayList<>();
    for (JsonNode item : nodeAffinity.path("preferredDuringSchedulingIgnoredDuringExecution")) {
      NodeTerm term = term(item.path("preference"));
      int weight = item.path("weight").asInt();
      if (!term.isEmpty() && weight != 0) {
        terms.add(new NodeTerm.Preferred(term, weight));
      }
    }
    return terms;
  }

  private static NodeTerm term(JsonNode term) {
    return new NodeTerm(
        requirements(term.path("matchExpressions")), requirements(term.path("matchFields")));
  }

  private static List<NodeTerm.Requirement> requirements(JsonNode list) {
    List<NodeTerm.Requirement> requirements = new ArrayList<>();
    for (JsonNode item : list) {
      List<String> values = new ArrayList<>();
      item.path("values").forEach(value -> values.add(value.asText()));
      requirements.add(
          new NodeTerm.Requirement(
              item.path("key").asText(),
              NodeTerm.Operator.read(item.path("operator").asText()),
              values));
    }
    return requirements;
  }

  private static List<Toleration> tolerations(JsonNode list) {
    List<Toleration> tolerations = new ArrayList<>();
    for (JsonNode item : list) {
      String effect = item.path("effect").asText();
      tolerations.add(
          new Toleration(
              item.path("key").asText(),
              switch (item.path("operator").asText()) {
                case "", "Equal" -> Toleration.Operator.EQUAL;
                case "Exists" -> Toleration.Operator.EXISTS;
                default -> Toleration.Operator.GATED;
              },
              item.path("value").asText(),
              effect.isEmpty() ? Optional.empty() : Optional.of(Taint.Effect.read(effect))));
    }
    return tolerations;
  }

  private static Set<HostPort> hostPorts(JsonNode spec) {
    Set<HostPort> ports = new LinkedHashSet<>();
    spec.path("containers").forEach(container -> addHostPorts(container, ports));
    for (JsonNode container : spec.path("initContainers")) {
      if (PodResources.isSidecar(container)) {
        addHostPorts(container, ports);
      }
    }
    return ports;
  }

  private static void addHostPorts(JsonNode container, Set<HostPort> ports) {
    for (JsonNode port : container.path("ports")) {
      int number = port.path("hostPort").asInt();
      if (number > 0) {
        ports.add(
            new HostPort(port.path("hostIP").asText(), port.path("protocol").asText(), number));
      }
    }
  }

  private static List<String> images(JsonNode spec) {
    List<String> images = new ArrayList<>();
    spec.path("initContainers").forEach(c -> images.add(c.path("image").asText()));
    spec.path("containers").forEach(c -> images.add(c.path("image").asText()));
    return images;
  }
}
