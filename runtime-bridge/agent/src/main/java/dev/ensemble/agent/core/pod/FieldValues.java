package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.strings;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.Quantities;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values of fieldRef and resourceFieldRef: the downward API. */
public final class FieldValues {
  private final PodDefinition pod;
  private final List<String> podIps;
  private final PodSources.NodeFacts node;

  public FieldValues(PodDefinition pod, List<String> podIps, PodSources.NodeFacts node) {
    this.pod = pod;
    this.podIps = podIps;
    this.node = node;
  }

  /**
   * @throws PodConfigException when there is no such field
   */
  public String field(String path) {
    if (path.endsWith("']")) {
      int open = path.indexOf("['");
      if (open > 0) {
        String key = path.substring(open + 2, path.length() - 2);
        String map = path.substring(0, open);
        if (map.equals("metadata.labels") || map.equals("metadata.annotations")) {
          return text(pod.metadata(), map.substring("metadata.".length()), key);
        }
      }
    }
    return switch (path) {
      case "metadata.name" -> pod.name();
      case "metadata.namespace" -> pod.namespace();
      case "metadata.uid" -> pod.uid();
      case "metadata.labels" -> lines(strings(pod.metadata(), "labels"));
      case "metadata.annotations" -> lines(strings(pod.metadata(), "annotations"));
      case "spec.nodeName" -> text(pod.spec(), "nodeName");
      case "spec.serviceAccountName" -> text(pod.spec(), "serviceAccountName");
      case "status.hostIP" -> node.hostIps().isEmpty() ? "" : node.hostIps().get(0);
      case "status.hostIPs" -> String.join(",", node.hostIps());
      case "status.podIP" -> podIps.isEmpty() ? "" : podIps.get(0);
      case "status.podIPs" -> String.join(",", podIps);
      default -> throw new PodConfigException("unsupported fieldPath: " + path);
    };
  }

  /**
   * @throws PodConfigException when there is no such container or resource
   */
  public String resource(JsonNode reference, JsonNode defaultContainer) {
    String name = text(reference, "containerName");
    JsonNode container =
        name.isEmpty()
            ? defaultContainer
            : pod.container(name)
                .orElseThrow(() -> new PodConfigException("container " + name + " not found"));
    String resource = text(reference, "resource");
    Map<String, String> limits = strings(container, "resources", "limits");
    Map<String, String> requests = strings(container, "resources", "requests");
    BigDecimal value =
        switch (resource) {
          case "limits.cpu" ->
              quantity(limits.get("cpu"), BigDecimal.valueOf(node.cpuMilli()).movePointLeft(3));
          case "limits.memory" ->
              quantity(limits.get("memory"), BigDecimal.valueOf(node.memoryBytes()));
          case "requests.cpu" ->
              quantity(requests.getOrDefault("cpu", limits.get("cpu")), BigDecimal.ZERO);
          case "requests.memory" ->
              quantity(requests.getOrDefault("memory", limits.get("memory")), BigDecimal.ZERO);
          default -> other(resource, limits, requests);
        };
    String divisor = text(reference, "divisor");
    BigDecimal by =
        divisor.isEmpty() || Quantities.parse(divisor).signum() == 0
            ? BigDecimal.ONE
            : Quantities.parse(divisor);
    return value.divide(by, 0, RoundingMode.CEILING).toPlainString();
  }

  /** ephemeral-storage and hugepages: what the container says itself. */
  private static BigDecimal other(
      String resource, Map<String, String> limits, Map<String, String> requests) {
    String name = resource.substring(resource.indexOf('.') + 1);
    boolean known = name.equals("ephemeral-storage") || name.startsWith("hugepages-");
    if (known && resource.startsWith("requests.")) {
      return quantity(requests.getOrDefault(name, limits.get(name)), BigDecimal.ZERO);
    }
    if (known && resource.startsWith("limits.") && limits.containsKey(name)) {
      return quantity(limits.get(name), BigDecimal.ZERO);
    }
    throw new PodConfigException("unsupported container resource: " + resource);
  }

  private static BigDecimal quantity(String text, BigDecimal otherwise) {
    return text == null ? otherwise : Quantities.parse(text);
  }

  private static String lines(Map<String, String> entries) {
    return entries.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + "=" + GoQuote.quote(e.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
