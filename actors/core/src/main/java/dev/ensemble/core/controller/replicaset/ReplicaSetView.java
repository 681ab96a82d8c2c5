package dev.ensemble.core.controller.replicaset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Setback;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a ReplicaSet's pass may look at.
 *
 * @param pods of its namespace, at least those that it controls or selects
 * @param activeOnNode how many active pods each node has of all ReplicaSets with the same
 *     controller; empty when there is no other, it is then counted from {@code pods}
 */
public record ReplicaSetView(
    ObjectNode replicaSet,
    List<PodFacts> pods,
    Map<String, Integer> activeOnNode,
    Optional<Setback> setback) {
  public ReplicaSetView {
    pods = List.copyOf(pods);
    activeOnNode = Map.copyOf(activeOnNode);
  }
}
