package dev.ensemble.core.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ResourceName;
import java.util.Iterator;

/**
 * Finds the name of what happened: a change of a pod's status to Ready is BecameReady, not an edit.
 */
final class Facts {
  private Facts() {}

  static ObjectEvent of(
      ResourceName resource, ObjectNode before, ObjectNode after, ObjectNode patch) {
    if (touchesOnly(patch, "status")) {
      return resource.toString().equals("pods")
          ? podReport(before, after, patch)
          : new ObjectEvent.StatusReported(patch);
    }
    JsonNode spec = patch.path("spec");
    if (touchesOnly(patch, "spec") && spec.size() == 1 && spec.path("replicas").isInt()) {
      return new ObjectEvent.Scaled(
          before.path("spec").path("replicas").asInt(), spec.path("replicas").intValue(), patch);
    }
    return new ObjectEvent.Edited(patch);
  }

  private static ObjectEvent podReport(ObjectNode before, ObjectNode after, ObjectNode patch) {
    boolean readyBefore = isReady(before);
    boolean readyAfter = isReady(after);
    if (isFinished(after) && !isFinished(before)) {
      return new ObjectEvent.Finished(patch);
    }
    if (readyAfter != readyBefore) {
      return readyAfter ? new ObjectEvent.BecameReady(patch) : new ObjectEvent.BecameUnready(patch);
    }
    if (phase(after).equals("Running") && !phase(before).equals("Running")) {
      return new ObjectEvent.ContainersStarted(patch);
    }
    return new ObjectEvent.StatusReported(patch);
  }

  /**
   * Bookkeeping (managedFields, generation) goes along with the fact and does not make it an edit.
   */
  private static boolean touchesOnly(ObjectNode patch, String part) {
    for (Iterator<String> names = patch.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals(part) && !(name.equals("metadata") && isBookkeeping(patch.path(name)))) {
        return false;
      }
    }
    return patch.has(part);
  }

  private static boolean isBookkeeping(JsonNode metadata) {
    for (Iterator<String> names = metadata.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals("managedFields") && !name.equals("generation")) {
        return false;
      }
    }
    return true;
  }

  private static boolean isReady(ObjectNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static boolean isFinished(ObjectNode pod) {
    return phase(pod).equals("Succeeded") || phase(pod).equals("Failed");
  }

  private static String phase(ObjectNode pod) {
    return pod.path("status").path("phase").asText();
  }
}
