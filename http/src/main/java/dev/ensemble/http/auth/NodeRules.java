package dev.ensemble.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.http.auth.Authorizer.Verdict;
import java.util.Optional;
import java.util.Set;

/**
 * What a node may do, in essence that of upstream's node authorizer: its own Node and Lease, the
 * pods bound to it, what those pods refer to, and the collections that a kubelet watches.
 */
public final class NodeRules {
  private static final ResourceName PODS = ResourceName.parse("pods");
  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> REFERRED =
      Set.of("configmaps", "secrets", "persistentvolumeclaims");

  /** Collections that every node reads. */
  private static final Set<String> READABLE =
      Set.of(
          "services",
          "endpoints",
          "endpointslices.discovery.k8s.io",
          "runtimeclasses.node.k8s.io",
          "csidrivers.storage.k8s.io",
          "persistentvolumes",
          "volumeattachments.storage.k8s.io");

  private final ObjectStore store;

  public NodeRules(ObjectStore store) {
    this.store = store;
  }

  Verdict authorize(String node, Attributes what) {
    String resource = what.resourceName().toString();
    if (READABLE.contains(resource) && READ.contains(what.verb())) {
      return Verdict.allow("");
    }
    return switch (resource) {
      case "nodes" -> ownNode(node, what);
      case "leases.coordination.k8s.io" ->
          verdict(
              what.namespace().equals("kube-node-lease")
                  && (what.name().equals(node) || what.verb().equals("create")),
              "can only access node lease with the same name as the requesting node");
      case "csinodes.storage.k8s.io" ->
          verdict(
              what.name().equals(node) || what.verb().equals("create"),
              "can only access CSINode with the same name as the requesting node");
      case "events", "events.events.k8s.io" ->
          verdict(
              Set.of("create", "update", "patch").contains(what.verb()),
              "can only create and change events");
      case "pods" -> pods(node, what);
      case "serviceaccounts" ->
          verdict(
              what.verb().equals("get")
                  || (what.verb().equals("create") && what.subresource().equals("token")),
              "can only get service accounts and their tokens");
      case "certificatesigningrequests.certificates.k8s.io" ->
          verdict(
              Set.of("create", "get", "list", "watch").contains(what.verb()),
              "can only create and read certificate signing requests");
      case "subjectaccessreviews.authorization.k8s.io", "tokenreviews.authentication.k8s.io" ->
          verdict(what.verb().equals("create"), "can only create reviews");
      default -> REFERRED.contains(resource) ? referred(node, what) : Verdict.NO_OPINION;
    };
  }

  private static Verdict ownNode(String node, Attributes what) {
    boolean reads = READ.contains(what.verb()) && what.subresource().isEmpty();
    boolean own =
        what.name().equals(node)
            && Set.of("update", "patch").contains(what.verb())
            && (what.subresource().isEmpty() || what.subresource().equals("status"));
    boolean makes = what.verb().equals("create") && what.subresource().isEmpty();
    return verdict(
        (reads && (what.name().isEmpty() || what.name().equals(node))) || own || makes,
        "node '" + node + "' can only access its own Node");
  }

  private Verdict pods(String node, Attributes what) {
    if (what.name().isEmpty()) {
      boolean selectsOwn =
          what.fieldSelector().equals("spec.nodeName=" + node)
              || what.fieldSelector().contains("spec.nodeName=" + node + ",")
              || what.fieldSelector().endsWith(",spec.nodeName=" + node);
      boolean mayCreate = what.verb().equals("create") && what.subresource().isEmpty();
      return verdict(
          mayCreate || (READ.contains(what.verb()) && selectsOwn),
          "can only list/watch pods with spec.nodeName field selector");
    }
    boolean bound =
        store
            .view(PODS)
            .snapshot()
            .get(what.namespace(), what.name())
            .filter(pod -> pod.tree().path("spec").path("nodeName").asText().equals(node))
            .isPresent();
    boolean verbFits =
        switch (what.subresource()) {
          case "" -> Set.of("get", "delete").contains(what.verb());
          case "status" -> Set.of("get", "update", "patch").contains(what.verb());
          case "eviction" -> what.verb().equals("create");
          default -> false;
        };
    return verdict(
        bound && verbFits, "no relationship found between node '" + node + "' and this object");
  }

  private Verdict referred(String node, Attributes what) {
    if (!what.verb().equals("get") || what.name().isEmpty()) {
      return verdict(false, "can only read resources of this type by name");
    }
    for (StoredObject pod : store.view(PODS).snapshot().onNode(node)) {
      if (pod.key().namespace().equals(what.namespace())
          && names(pod.tree().path("spec"), what.resource(), what.name())) {
        return Verdict.allow("");
      }
    }
    return verdict(false, "no relationship found between node '" + node + "' and this object");
  }

  /** Whether a pod's spec refers to the object, wherever such references may stand. */
  private static boolean names(JsonNode spec, String resource, String name) {
    if (spec.isArray()) {
      for (JsonNode element : spec) {
        if (names(element, resource, name)) {
          return true;
        }
      }
      return false;
    }
    var fields = spec.fields();
    while (fields.hasNext()) {
      var field = fields.next();
      if (refers(field.getKey(), field.getValue(), resource).filter(name::equals).isPresent()) {
        return true;
      }
      if (field.getKey().equals("imagePullSecrets") && resource.equals("secrets")) {
        for (JsonNode reference : field.getValue()) {
          if (reference.path("name").asText().equals(name)) {
            return true;
          }
        }
      } else if (field.getValue().isContainerNode() && names(field.getValue(), resource, name)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> refers(String field, JsonNode value, String resource) {
    String key =
        switch (field) {
          case "configMap", "configMapKeyRef", "configMapRef" ->
              resource.equals("configmaps") ? "name" : "";
          case "secret" -> resource.equals("secrets") ? secretKey(value) : "";
          case "secretKeyRef", "secretRef", "nodePublishSecretRef" ->
              resource.equals("secrets") ? "name" : "";
          case "persistentVolumeClaim" ->
              resource.equals("persistentvolumeclaims") ? "claimName" : "";
          default -> "";
        };
    return key.isEmpty() ? Optional.empty() : Optional.of(value.path(key).asText());
  }

  /** A volume names its secret secretName, a projection name. */
  private static String secretKey(JsonNode value) {
    return value.has("secretName") ? "secretName" : "name";
  }

  private static Verdict verdict(boolean allowed, String otherwise) {
    return allowed ? Verdict.allow("") : new Verdict(false, otherwise);
  }
}
