package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What controllers need of a pod, read once.
 *
 * @param node {@code spec.nodeName}, empty when unassigned
 * @param phase {@code status.phase}; Pending when nobody has reported yet
 * @param readySince when the Ready condition became True; empty when it is not True
 * @param deletionCost annotation {@code controller.kubernetes.io/pod-deletion-cost}, 0 by default
 * @param restarts most restarts of any container
 * @param ips {@code status.podIPs}, first the primary one
 * @param tolerations {@code spec.tolerations}
 */
public record PodFacts(
    ObjectFacts meta,
    String node,
    String phase,
    Optional<Instant> readySince,
    int deletionCost,
    int restarts,
    List<String> ips,
    String hostname,
    String subdomain,
    List<Port> ports,
    List<JsonNode> tolerations) {
  public static final ResourceName PODS = new ResourceName("", "pods");
  private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

  /** A container port: what a Service's named target port is looked up in. */
  public record Port(String name, String protocol, int number) {}

  public static PodFacts of(JsonNode pod) {
    ObjectFacts meta = ObjectFacts.of(PODS, pod);
    JsonNode spec = pod.path("spec");
    JsonNode status = pod.path("status");
    List<JsonNode> tolerations = new ArrayList<>();
    spec.path("tolerations").forEach(tolerations::add);
    return new PodFacts(
        meta,
        spec.path("nodeName").asText(),
        status.path("phase").asText("Pending"),
        readySince(status),
        deletionCost(meta),
        restarts(status),
        ips(status),
        spec.path("hostname").asText(),
        spec.path("subdomain").asText(),
        ports(spec),
        List.copyOf(tolerations));
  }

  /** Neither finished nor being deleted: it counts as a replica. */
  public boolean active() {
    return !finished() && meta.deleting().isEmpty();
  }

  /** Its containers have ended for good. */
  public boolean finished() {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Being deleted while its containers may still run. */
  public boolean terminating() {
    return !finished() && meta.deleting().isPresent();
  }

  public boolean ready() {
    return readySince.isPresent();
  }

  /** Ready for at least {@code minReady}. */
  public boolean available(Duration minReady, Instant now) {
    return readySince.isPresent()
        && (minReady.isZero() || !readySince.get().plus(minReady).isAfter(now));
  }

  private static Optional<Instant> readySince(JsonNode status) {
    return Conditions.find(status, "Ready")
        .filter(ready -> ready.path("status").asText().equals("True"))
        .map(ready -> ObjectFacts.time(ready.path("lastTransitionTime")).orElse(Instant.EPOCH));
  }

  private static int deletionCost(ObjectFacts meta) {
    try {
      return Integer.parseInt(meta.annotations().getOrDefault(DELETION_COST, "0"));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }

  private static int restarts(JsonNode status) {
    int most = 0;
    for (JsonNode container : status.path("containerStatuses")) {
      most = Math.max(most, container.path("restartCount").asInt());
    }
    return most;
  }

  private static List<String> ips(JsonNode status) {
    List<String> ips = new ArrayList<>();
    status.path("podIPs").forEach(ip -> ips.add(ip.path("ip").asText()));
    if (ips.isEmpty() && status.hasNonNull("podIP")) {
      ips.add(status.path("podIP").asText());
    }
    return List.copyOf(ips);
  }

  private static List<Port> ports(JsonNode spec) {
    List<Port> ports = new ArrayList<>();
    addPorts(spec.path("containers"), ports);
    for (JsonNode container : spec.path("initContainers")) {
      if (container.path("restartPolicy").asText().equals("Always")) {
        addPortsOf(container, ports);
      }
    }
    return List.copyOf(ports);
  }

  private static void addPorts(JsonNode containers, List<Port> ports) {
    containers.forEach(container -> addPortsOf(container, ports));
  }

  private static void addPortsOf(JsonNode container, List<Port> ports) {
    for (JsonNode port : container.path("ports")) {
      ports.add(
          new Port(
              port.path("name").asText(),
              port.path("protocol").asText("TCP"),
              port.path("containerPort").asInt()));
    }
  }
}
