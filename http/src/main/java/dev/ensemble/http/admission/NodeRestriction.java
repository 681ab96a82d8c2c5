package dev.ensemble.http.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.node.NodeLabels;
import dev.ensemble.core.node.PodReferences;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.util.List;

/**
 * What the content of a node's writes may be (upstream's NodeRestriction plugin): which verbs it
 * has on which names is for the authorizer. A node that is broken into must not gain more than
 * itself and its pods.
 */
public final class NodeRestriction implements Admission {
  private static final ResourceName NODES = ResourceName.parse("nodes");
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String LEASES = "kube-node-lease";

  private final Views views;

  public NodeRestriction(Views views) {
    this.views = views;
  }

  @Override
  public Release admit(Change change) {
    String node = change.user().node();
    if (node.isEmpty() || change.user().master()) {
      return Release.NOTHING;
    }
    switch (change.type().name().toString()) {
      case "pods" -> pod(change, node);
      case "nodes" -> node(change, node);
      case "leases.coordination.k8s.io" -> lease(change, node);
      default -> {
        // Events, certificate requests: nothing in them gives a node more than it has.
      }
    }
    return Release.NOTHING;
  }

  private void pod(Change change, String node) {
    if (change.old().isPresent()) {
      changedPod(change, change.old().get(), node);
      return;
    }
    JsonNode pod = change.object();
    JsonNode spec = pod.path("spec");
    if (!pod.path("metadata").path("annotations").has(MIRROR)) {
      throw refusal(
          change,
          "pod does not have \""
              + MIRROR
              + "\" annotation, node "
              + quoted(node)
              + " can only create mirror pods");
    }
    if (!spec.path("nodeName").asText("").equals(node)) {
      throw refusal(
          change,
          "node " + quoted(node) + " can only create pods with spec.nodeName set to itself");
    }
    owner(change, node);
    String can = "node " + quoted(node) + " can not create pods that reference ";
    if (!spec.path("serviceAccountName").asText("").isEmpty()) {
      throw refusal(change, can + "a service account");
    }
    for (ObjectKey reference : PodReferences.of(pod)) {
      throw refusal(change, can + reference.resource().plural());
    }
    for (JsonNode volume : spec.path("volumes")) {
      if (volume.has("persistentVolumeClaim") || volume.has("ephemeral")) {
        throw refusal(change, can + "persistentvolumeclaims");
      }
      if (hasToken(volume)) {
        throw refusal(change, can + "a service account");
      }
    }
    if (!spec.path("resourceClaims").isEmpty()) {
      throw refusal(change, can + "resourceclaims");
    }
  }

  private static boolean hasToken(JsonNode volume) {
    for (JsonNode source : volume.path("projected").path("sources")) {
      if (source.has("serviceAccountToken")) {
        return true;
      }
    }
    return false;
  }

  /** A mirror pod goes with its Node. */
  private void owner(Change change, String node) {
    JsonNode owners = change.object().path("metadata").path("ownerReferences");
    JsonNode owner = owners.path(0);
    boolean itself =
        owners.size() == 1
            && owner.path("apiVersion").asText().equals("v1")
            && owner.path("kind").asText().equals("Node")
            && owner.path("name").asText().equals(node)
            && owner.path("controller").asBoolean(false)
            && !owner.path("blockOwnerDeletion").asBoolean(false);
    String uid = views.find(NODES, "", node).map(StoredObject::uid).orElse("");
    if (!itself || uid.isEmpty() || !owner.path("uid").asText().equals(uid)) {
      throw refusal(
          change,
          "node "
              + quoted(node)
              + " can only create pods with a controller owner reference set to itself");
    }
  }

  private static void changedPod(Change change, JsonNode old, String node) {
    if (!change.subresource().equals("status")) {
      throw refusal(change, "node " + quoted(node) + " can only update the status of pods");
    }
    if (!old.path("spec").path("nodeName").asText("").equals(node)) {
      throw refusal(
          change,
          "node "
              + quoted(node)
              + " can only update pod status for pods with spec.nodeName set to itself");
    }
    if (!labels(old).equals(labels(change.object()))) {
      throw refusal(change, "node " + quoted(node) + " can not update labels through pod status");
    }
  }

  private static void node(Change change, String node) {
    JsonNode object = change.object();
    String name = object.path("metadata").path("name").asText("");
    if (!name.equals(node)) {
      throw refusal(
          change, "node " + quoted(node) + " is not allowed to modify node " + quoted(name));
    }
    if (object.path("spec").has("configSource")) {
      throw refusal(change, "node " + quoted(node) + " is not allowed to set a config source");
    }
    JsonNode old = change.old().<JsonNode>map(known -> known).orElse(MissingNode.getInstance());
    List<String> forbidden = NodeLabels.forbiddenChanges(labels(object), labels(old));
    if (!forbidden.isEmpty()) {
      String what = change.old().isEmpty() ? "set the following labels" : "modify labels";
      throw refusal(
          change,
          "node "
              + quoted(node)
              + " is not allowed to "
              + what
              + ": "
              + String.join(", ", forbidden));
    }
    if (change.old().isEmpty()) {
      return;
    }
    if (!object.path("spec").path("taints").equals(old.path("spec").path("taints"))) {
      throw refusal(change, "node " + quoted(node) + " is not allowed to modify taints");
    }
    JsonNode owners = object.path("metadata").path("ownerReferences");
    if (!owners.equals(old.path("metadata").path("ownerReferences"))) {
      throw refusal(change, "node " + quoted(node) + " is not allowed to modify ownerReferences");
    }
  }

  private static void lease(Change change, String node) {
    if (!change.namespace().equals(LEASES)) {
      throw refusal(change, "can only access leases in the \"" + LEASES + "\" system namespace");
    }
    if (!change.object().path("metadata").path("name").asText("").equals(node)) {
      throw refusal(change, "can only access node lease with the same name as the requesting node");
    }
  }

  private static JsonNode labels(JsonNode object) {
    JsonNode labels = object.path("metadata").path("labels");
    return labels.isEmpty() ? MissingNode.getInstance() : labels;
  }

  private static StatusException refusal(Change change, String why) {
    return Statuses.forbidden(
        change.type().name(), change.object().path("metadata").path("name").asText(""), why);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
