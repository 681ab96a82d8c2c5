package dev.ensemble.core.controller.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.PodFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls the pods of a node that is not Ready not ready either, so that Services leave them out. */
public final class UnreachablePods {
  private UnreachablePods() {}

  /** {@code pods} are those of the node, as the view has them. */
  public static List<Action> mark(List<ObjectNode> pods, Instant now) {
    List<Action> actions = new ArrayList<>();
    for (ObjectNode pod : pods) {
      Conditions conditions = Conditions.of(pod.path("status"));
      Optional<ObjectNode> ready = conditions.find("Ready");
      if (ready.filter(found -> found.path("status").asText().equals("True")).isEmpty()) {
        continue;
      }
      ready.get().put("status", "False").put("lastTransitionTime", Conditions.written(now));
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      conditions.into(patch.putObject("status"));
      ObjectFacts meta = ObjectFacts.of(PodFacts.PODS, pod);
      actions.add(new Action.Edit(meta.key(), meta.uid(), meta.revision(), patch));
      actions.add(
          new Action.Announce(
              Note.warning(
                  meta.reference(),
                  "NodeNotReady",
                  "Node is not ready",
                  NodeLifecycleReconciler.COMPONENT)));
    }
    return actions;
  }
}
