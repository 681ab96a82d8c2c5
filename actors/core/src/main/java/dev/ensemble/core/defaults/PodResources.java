package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;

/** Resources of a pod as a whole (KEP-2837). */
final class PodResources {
  private PodResources() {}

  static void defaults(ObjectNode spec) {
    if (spec.get("resources") instanceof ObjectNode resources
        && Fields.size(resources, "limits") > 0) {
      PodDefaults.requestsFromLimits(resources);
    }
  }
}
