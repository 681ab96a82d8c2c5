package dev.ensemble.agent.core.pod;

import dev.ensemble.agent.core.pod.ContainerMemory.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers a plan: one action a key, none that is busy or must wait. */
final class PlanDraft {
  private final PodMemory memory;
  private final Instant now;
  private final List<PodAction> actions = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final Map<String, Waiting> backingOff = new HashMap<>();
  private Optional<Instant> wakeAt = Optional.empty();

  PlanDraft(PodMemory memory, Instant now) {
    this.memory = memory;
    this.now = now;
  }

  Instant now() {
    return now;
  }

  void add(PodAction action) {
    if (memory.busy().contains(action.key())
        || delayed(Optional.ofNullable(memory.retryAt().get(action.key())))) {
      return;
    }
    if (keys.add(action.key())) {
      actions.add(action);
    }
  }

  /** Whether the moment has not come; the plan is made again then. */
  boolean delayed(Optional<Instant> moment) {
    if (moment.isEmpty() || !moment.get().isAfter(now)) {
      return false;
    }
    wake(moment.get());
    return true;
  }

  void wake(Instant moment) {
    if (moment.isAfter(now) && wakeAt.map(moment::isBefore).orElse(true)) {
      wakeAt = Optional.of(moment);
    }
  }

  void backOff(String container, Waiting waiting) {
    backingOff.put(container, waiting);
  }

  PodPlan plan() {
    return new PodPlan(actions, wakeAt, backingOff);
  }
}
