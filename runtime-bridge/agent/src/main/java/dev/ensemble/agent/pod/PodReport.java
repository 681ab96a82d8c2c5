package dev.ensemble.agent.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory;
import dev.ensemble.agent.core.pod.PodStatusRules;
import java.util.function.Predicate;

/** What was last said of a pod's status; says it again only when it is worth it. */
final class PodReport {
  private final PodServices services;
  private final PodWorker.Listener listener;
  private JsonNode last;

  PodReport(PodServices services, PodWorker.Listener listener, JsonNode last) {
    this.services = services;
    this.listener = listener;
    this.last = last;
  }

  JsonNode last() {
    return last;
  }

  void ifChanged(PodDefinition pod, PodFacts facts, PodMemory memory) {
    report(pod, facts, memory, status -> !status.equals(last));
  }

  void always(PodDefinition pod, PodFacts facts, PodMemory memory) {
    report(pod, facts, memory, status -> true);
  }

  /** If the API's status says otherwise about readiness. */
  void ifReadinessDiffers(PodDefinition pod, PodFacts facts, PodMemory memory) {
    report(
        pod,
        facts,
        memory,
        s -> !Fields.condition(s, "Ready").equals(Fields.condition(pod.status(), "Ready")));
  }

  private void report(
      PodDefinition pod, PodFacts facts, PodMemory memory, Predicate<ObjectNode> worth) {
    ObjectNode status =
        PodStatusRules.status(
            pod,
            facts,
            memory,
            last,
            services.sources().get().node().hostIps(),
            services.clock().instant());
    if (worth.test(status)) {
      last = status;
      listener.reported(pod, status);
    }
  }
}
