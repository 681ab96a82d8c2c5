package dev.ensemble.core.controller.endpoints;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.PodFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a Service's pass may look at.
 *
 * @param pods of its namespace, at least those that it selects
 * @param slices the Service's EndpointSlices, whoever manages them
 * @param endpoints the Endpoints object of its name
 * @param nodes all nodes, by name
 */
public record ServiceView(
    ObjectNode service,
    List<PodFacts> pods,
    List<ObjectNode> slices,
    Optional<ObjectNode> endpoints,
    Map<String, NodeFacts> nodes) {
  public ServiceView {
    pods = List.copyOf(pods);
    slices = List.copyOf(slices);
    nodes = Map.copyOf(nodes);
  }
}
