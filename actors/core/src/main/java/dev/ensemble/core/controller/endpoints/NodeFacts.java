package dev.ensemble.core.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.controller.Conditions;
import java.util.ArrayList;
import java.util.List;

/**
 * What Services need of a node.
 *
 * @param zone label {@code topology.kubernetes.io/zone}, or empty
 * @param balances Ready, and not excluded from load balancers
 * @param addresses ExternalIPs, or InternalIPs when it has none
 */
public record NodeFacts(String name, String zone, boolean balances, List<String> addresses) {
  private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

  public static NodeFacts of(JsonNode node) {
    JsonNode labels = node.path("metadata").path("labels");
    boolean ready =
        Conditions.find(node.path("status"), "Ready")
            .filter(found -> found.path("status").asText().equals("True"))
            .isPresent();
    List<String> external = addresses(node, "ExternalIP");
    return new NodeFacts(
        node.path("metadata").path("name").asText(),
        labels.path("topology.kubernetes.io/zone").asText(),
        ready && !labels.has(EXCLUDED) && !node.path("metadata").has("deletionTimestamp"),
        external.isEmpty() ? addresses(node, "InternalIP") : external);
  }

  private static List<String> addresses(JsonNode node, String type) {
    List<String> found = new ArrayList<>();
    for (JsonNode address : node.path("status").path("addresses")) {
      if (address.path("type").asText().equals(type)) {
        found.add(address.path("address").asText());
      }
    }
    return List.copyOf(found);
  }
}
