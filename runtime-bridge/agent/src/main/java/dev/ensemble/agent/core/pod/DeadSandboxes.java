package dev.ensemble.agent.core.pod;

import dev.ensemble.agent.runtime.SandboxState;
import java.util.List;

/** Sandboxes that a pod has outlived: they go once no dead container's log keeps them. */
final class DeadSandboxes {
  private DeadSandboxes() {}

  static void collect(PodFacts facts, PlanDraft draft) {
    List<SandboxState> older = facts.sandboxes().stream().skip(1).toList();
    for (SandboxState sandbox : older) {
      boolean empty =
          facts.containers().stream().noneMatch(c -> c.sandboxId().equals(sandbox.id()));
      if (!sandbox.ready() && empty) {
        draft.add(new PodAction.CollectSandbox(sandbox.id()));
        return;
      }
    }
  }
}
