package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Setback;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a Deployment's pass may look at.
 *
 * @param replicaSets of its namespace, at least those that it controls or selects
 * @param takenNames names of the namespace's ReplicaSets that start with the Deployment's name
 * @param unfinishedPods for a ReplicaSet's uid, how many of its pods may still run, those being
 *     deleted included
 */
public record DeploymentView(
    ObjectNode deployment,
    List<ReplicaSetFacts> replicaSets,
    Set<String> takenNames,
    Map<String, Integer> unfinishedPods,
    Optional<Setback> setback) {
  public DeploymentView {
    replicaSets = List.copyOf(replicaSets);
    takenNames = Set.copyOf(takenNames);
    unfinishedPods = Map.copyOf(unfinishedPods);
  }
}
