package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.PodFacts;
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
 * @param pods for a ReplicaSet's uid, the numbers of its pods; absent when it has none
 */
public record DeploymentView(
    ObjectNode deployment,
    List<ReplicaSetFacts> replicaSets,
    Set<String> takenNames,
    Map<String, PodCount> pods,
    Optional<Setback> setback) {
  public DeploymentView {
    replicaSets = List.copyOf(replicaSets);
    takenNames = Set.copyOf(takenNames);
    pods = Map.copyOf(pods);
  }

  /**
   * Pods of one ReplicaSet, which its status may not show yet.
   *
   * @param active neither finished nor being deleted
   * @param unfinished those that may still run, those being deleted included
   */
  public record PodCount(int active, int unfinished) {
    public static final PodCount NONE = new PodCount(0, 0);

    /** This and one pod more. */
    public PodCount and(PodFacts pod) {
      return new PodCount(active + (pod.active() ? 1 : 0), unfinished + (pod.finished() ? 0 : 1));
    }
  }

  PodCount podsOf(ReplicaSetFacts set) {
    return pods.getOrDefault(set.meta().uid(), PodCount.NONE);
  }
}
