package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;

final class PodStrategy {
  private PodStrategy() {}

  static void create(ObjectNode pod) {
    ObjectNode status = pod.putObject("status");
    status.put("phase", "Pending");
    if (Fields.size(pod.path("spec"), "schedulingGates") > 0) {
      ObjectNode condition = status.putArray("conditions").addObject();
      condition.put("type", "PodScheduled").put("status", "False");
      condition.put("reason", "SchedulingGated");
      condition.put("message", "Scheduling is blocked due to non-empty scheduling gates");
    }
    status.put("qosClass", QualityOfService.of(pod.path("spec")).word());
  }

  static void status(ObjectNode pod, JsonNode old) {
    ObjectNode meta = Fields.ensureObject(pod, "metadata");
    SystemMetadata.copy(meta, old.path("metadata"), "ownerReferences");
    ObjectNode status = Fields.ensureObject(pod, "status");
    if (Fields.text(status, "qosClass").isEmpty()) {
      SystemMetadata.copy(status, old.path("status"), "qosClass");
    }
  }
}
