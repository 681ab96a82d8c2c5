package dev.ensemble.agent.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory;
import dev.ensemble.agent.core.pod.PodStatusRules;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What was last said of a pod's status; says it again only when it is worth it. While something is
 * under way that will change the status again, changes of a short time are said as one.
 */
final class PodReport {
  /** Less than a kubelet takes to see a change. */
  private static final Duration GATHERED = Duration.ofMillis(500);

  private final PodServices services;
  private final PodWorker.Listener listener;
  private JsonNode last;

  /** Since when changes are gathered, as System.nanoTime says. */
  private OptionalLong gatheredSince = OptionalLong.empty();

  PodReport(PodServices services, PodWorker.Listener listener, JsonNode last) {
    this.services = services;
    this.listener = listener;
    this.last = last;
  }

  JsonNode last() {
    return last;
  }

  /**
   * Says the status if it has changed.
   *
   * @param moreToCome something is about to begin that will change it again
   * @param later called when gathering begins: this is to be called again in so much time
   */
  void ifChanged(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      boolean moreToCome,
      Consumer<Duration> later) {
    long now = System.nanoTime();
    // How a container of a pod that ends has ended is said before it is removed.
    boolean gathers = (moreToCome || !memory.busy().isEmpty()) && memory.ending().isEmpty();
    if (gathers && gatheredSince.isEmpty()) {
      gatheredSince = OptionalLong.of(now);
      later.accept(GATHERED);
    } else if (!gathers || now - gatheredSince.getAsLong() >= GATHERED.toNanos()) {
      gatheredSince = OptionalLong.empty();
      report(pod, facts, memory, status -> !status.equals(last));
    }
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
