package dev.ensemble.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A Node as its agent registers it. */
public final class NodeRegistration {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** Labels that an agent must not give itself (upstream's NodeRestriction). */
  private static final String RESTRICTED = "node-restriction.kubernetes.io";

  private NodeRegistration() {}

  /** The Node to create. */
  public static ObjectNode node(
      String name,
      String uid,
      Map<String, String> labels,
      ObjectNode status,
      String podCidr,
      Instant now) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("apiVersion", "v1").put("kind", "Node");
    ObjectNode metadata = node.putObject("metadata");
    metadata.put("name", name).put("uid", uid);
    metadata.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    ObjectNode labelled = metadata.putObject("labels");
    labels(name, labels, status).forEach(labelled::put);
    ObjectNode spec = node.putObject("spec");
    spec.put("podCIDR", podCidr);
    spec.putArray("podCIDRs").add(podCidr);
    node.set("status", AgentReport.nodeStatus(node.path("status"), status, now));
    return node;
  }

  /**
   * The merge patch that brings an existing Node's labels up to what its agent says, and gives it a
   * range when it has none; empty when there is nothing to change. Labels that people set stay.
   */
  public static Optional<ObjectNode> update(
      JsonNode node, Map<String, String> labels, ObjectNode status, Optional<String> podCidr) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    JsonNode present = node.path("metadata").path("labels");
    labels(node.path("metadata").path("name").asText(), labels, status)
        .forEach(
            (key, value) -> {
              if (!present.path(key).asText().equals(value)) {
                patch.withObjectProperty("metadata").withObjectProperty("labels").put(key, value);
              }
            });
    podCidr.ifPresent(
        cidr -> {
          ObjectNode spec = patch.withObjectProperty("spec");
          spec.put("podCIDR", cidr);
          spec.putArray("podCIDRs").add(cidr);
        });
    return patch.isEmpty() ? Optional.empty() : Optional.of(patch);
  }

  private static Map<String, String> labels(
      String name, Map<String, String> given, ObjectNode status) {
    Map<String, String> labels = new TreeMap<>();
    JsonNode info = status.path("nodeInfo");
    if (info.has("operatingSystem")) {
      labels.put("kubernetes.io/os", info.get("operatingSystem").asText());
    }
    if (info.has("architecture")) {
      labels.put("kubernetes.io/arch", info.get("architecture").asText());
    }
    given.forEach(
        (key, value) -> {
          int slash = key.indexOf('/');
          String prefix = slash < 0 ? "" : key.substring(0, slash);
          if (!prefix.equals(RESTRICTED) && !prefix.endsWith("." + RESTRICTED)) {
            labels.put(key, value);
          }
        });
    labels.putIfAbsent(HOSTNAME, name);
    return labels;
  }
}
