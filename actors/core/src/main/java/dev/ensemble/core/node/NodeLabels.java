package dev.ensemble.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which labels a node may give itself (upstream's NodeRestriction): all that are nobody's, and of
 * Kubernetes' own only those that a kubelet knows best.
 */
public final class NodeLabels {
  private static final Set<String> KUBELETS =
      Set.of(
          "kubernetes.io/hostname",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/instance-type",
          "node.kubernetes.io/instance-type",
          "node.kubernetes.io/windows-build",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone");

  private static final List<String> KUBELETS_NAMESPACES =
      List.of("kubelet.kubernetes.io", "node.kubernetes.io");
  private static final List<String> KUBERNETES_NAMESPACES = List.of("kubernetes.io", "k8s.io");
  private static final List<String> RESERVED = List.of("node-restriction.kubernetes.io");

  private NodeLabels() {}

  /** The keys that differ between two label maps and are not the node's to change, sorted. */
  public static List<String> forbiddenChanges(JsonNode labels, JsonNode before) {
    Set<String> keys = new TreeSet<>();
    labels.fieldNames().forEachRemaining(keys::add);
    before.fieldNames().forEachRemaining(keys::add);
    for (Iterator<String> it = keys.iterator(); it.hasNext(); ) {
      String key = it.next();
      if (labels.path(key).equals(before.path(key)) || isFree(key)) {
        it.remove();
      }
    }
    return List.copyOf(keys);
  }

  private static boolean isFree(String key) {
    int slash = key.indexOf('/');
    String namespace = slash < 0 ? "" : key.substring(0, slash);
    if (within(namespace, RESERVED)) {
      return false;
    }
    return !within(namespace, KUBERNETES_NAMESPACES)
        || KUBELETS.contains(key)
        || within(namespace, KUBELETS_NAMESPACES);
  }

  private static boolean within(String namespace, List<String> domains) {
    return domains.stream()
        .anyMatch(domain -> namespace.equals(domain) || namespace.endsWith("." + domain));
  }
}
