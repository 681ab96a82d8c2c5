package dev.ensemble.agent.core.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod's configuration draws on besides the pod itself.
 *
 * @param objects ConfigMaps and Secrets that arrived; an empty value: there is none
 * @param services all Services
 */
public record PodSources(
    Map<Reference, Optional<ObjectNode>> objects, List<ObjectNode> services, NodeFacts node) {
  public PodSources {
    objects = Map.copyOf(objects);
    services = List.copyOf(services);
  }

  /** Whether it is known if the object exists. */
  public boolean knows(Reference reference) {
    return objects.containsKey(reference);
  }

  /**
   * @throws PodConfigException when there is none
   */
  public JsonNode require(Reference reference) {
    return find(reference)
        .orElseThrow(
            () ->
                new PodConfigException(
                    reference.kind() + " \"" + reference.name() + "\" not found"));
  }

  public Optional<ObjectNode> find(Reference reference) {
    return objects.getOrDefault(reference, Optional.empty());
  }

  /** Names a ConfigMap or Secret. */
  public record Reference(String resource, String namespace, String name) {
    public static Reference configMap(String namespace, String name) {
      return new Reference("configmaps", namespace, name);
    }

    public static Reference secret(String namespace, String name) {
      return new Reference("secrets", namespace, name);
    }

    /** As the kubelet's messages name it. */
    String kind() {
      return resource.equals("secrets") ? "secret" : "configmap";
    }
  }

  /**
   * What a pod can learn about its node.
   *
   * @param hostIps the main address first
   * @param clusterDns servers for ClusterFirst; none: the node's own are used
   * @param hostDns the node's resolver configuration
   * @param seccompFolder where the profiles of type Localhost are
   */
  public record NodeFacts(
      String name,
      List<String> hostIps,
      long cpuMilli,
      long memoryBytes,
      List<String> clusterDns,
      String clusterDomain,
      DnsRules.Dns hostDns,
      String seccompFolder) {
    public NodeFacts {
      hostIps = List.copyOf(hostIps);
      clusterDns = List.copyOf(clusterDns);
    }
  }
}
