package dev.ensemble.core.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.MergePatch;
import dev.ensemble.core.object.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Placing a pod on a node, as upstream's BindingREST does it. */
final class Binding {
  private Binding() {}

  static Decision decide(ObjectKey key, ObjectNode pod, ObjectCommand.Bind bind, Instant now) {
    if (ObjectDecider.isTerminating(pod)) {
      return conflict(key, "pod " + key.name() + " is being deleted, cannot be assigned to a host");
    }
    String assigned = pod.path("spec").path("nodeName").asText();
    if (!assigned.isEmpty()) {
      return conflict(
          key, "pod " + key.name() + " is already assigned to node \"" + assigned + "\"");
    }
    if (!pod.path("spec").path("schedulingGates").isEmpty()) {
      return conflict(key, "pod " + key.name() + " has non-empty .spec.schedulingGates");
    }
    ObjectNode after = ObjectDecider.shallowCopy(pod);
    after.set(
        "spec",
        ObjectDecider.shallowCopy((ObjectNode) pod.path("spec")).put("nodeName", bind.node()));
    ObjectNode status =
        pod.path("status").isObject()
            ? ObjectDecider.shallowCopy((ObjectNode) pod.path("status"))
            : pod.objectNode();
    status.set("conditions", scheduled(pod.path("status").path("conditions"), status, now));
    // It says where others are being ended for the pod: it has its node now (KEP-5278).
    status.remove("nominatedNodeName");
    after.set("status", status);
    return Decision.accept(
        new ObjectEvent.Bound(bind.node(), bind.bids(), MergePatch.diff(pod, after)));
  }

  private static ArrayNode scheduled(JsonNode conditions, ObjectNode factory, Instant now) {
    ArrayNode result = factory.arrayNode();
    for (JsonNode condition : conditions) {
      if (!condition.path("type").asText().equals("PodScheduled")) {
        result.add(condition);
      }
    }
    result
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "True")
        .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    return result;
  }

  private static Decision conflict(ObjectKey key, String why) {
    return Decision.reject(new Rejection.Conflict(key, why));
  }
}
