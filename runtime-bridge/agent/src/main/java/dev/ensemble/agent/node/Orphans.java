package dev.ensemble.agent.node;

import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.Inventory;
import dev.ensemble.agent.runtime.Labels;
import dev.ensemble.agent.runtime.SandboxState;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the pods that an inventory is about. */
final class Orphans {
  private Orphans() {}

  static Map<String, PodFacts> byPod(Inventory inventory) {
    Map<String, PodFacts> pods = new HashMap<>();
    for (SandboxState sandbox : inventory.sandboxes()) {
      pods.merge(
          sandbox.podUid(), PodFacts.NONE.with(sandbox), (known, more) -> known.with(sandbox));
    }
    for (ContainerState container : inventory.containers()) {
      pods.merge(
          container.podUid(),
          PodFacts.NONE.with(container),
          (known, more) -> known.with(container));
    }
    return pods;
  }

  /** As much of a pod's object as its labels in the runtime tell: enough to end it. */
  static PodDefinition definition(String uid, PodFacts facts) {
    Map<String, String> labels =
        Stream.concat(
                facts.sandboxes().stream().map(SandboxState::labels),
                facts.containers().stream().map(ContainerState::labels))
            .findFirst()
            .orElse(Map.of());
    var object = Fields.object();
    object
        .putObject("metadata")
        .put("uid", uid)
        .put("namespace", labels.getOrDefault(Labels.POD_NAMESPACE, ""))
        .put("name", labels.getOrDefault(Labels.POD_NAME, ""));
    object.putObject("spec");
    return new PodDefinition(object);
  }
}
