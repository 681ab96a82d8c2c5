package dev.ensemble.http.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.List;

/** What streams ask about a pod. */
record StreamingPod(
    String name, String uid, String node, List<String> containers, List<String> all) {

  static StreamingPod of(StoredObject object) {
    JsonNode spec = object.tree().path("spec");
    List<String> containers = names(spec.path("containers"));
    List<String> all = new ArrayList<>(containers);
    all.addAll(names(spec.path("initContainers")));
    all.addAll(names(spec.path("ephemeralContainers")));
    return new StreamingPod(
        object.key().name(), object.uid(), spec.path("nodeName").asText(""), containers, all);
  }

  String requireNode() {
    if (node.isEmpty()) {
      throw Statuses.badRequest("pod " + name + " does not have a host assigned");
    }
    return node;
  }

  /** The named container, or the only one. */
  String container(String wanted) {
    if (wanted.isEmpty()) {
      if (containers.size() == 1) {
        return containers.get(0);
      }
      throw Statuses.badRequest(
          "a container name must be specified for pod "
              + name
              + ", choose one of: ["
              + String.join(" ", containers)
              + "]");
    }
    if (!all.contains(wanted)) {
      throw Statuses.badRequest("container " + wanted + " is not valid for pod " + name);
    }
    return wanted;
  }

  private static List<String> names(JsonNode containers) {
    List<String> names = new ArrayList<>();
    containers.forEach(container -> names.add(container.path("name").asText()));
    return names;
  }
}
