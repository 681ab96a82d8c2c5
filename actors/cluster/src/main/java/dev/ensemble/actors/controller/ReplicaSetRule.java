package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Selection;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import dev.ensemble.core.controller.replicaset.ReplicaSetView;
import dev.ensemble.core.object.ObjectKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a ReplicaSet's pass looks at. */
final class ReplicaSetRule implements Rule {
  private final FactsCache facts;

  ReplicaSetRule(FactsCache facts) {
    this.facts = facts;
  }

  @Override
  public String controller() {
    return ReplicaSetReconciler.COMPONENT;
  }

  @Override
  public Plan plan(ObjectKey key, ObjectStore store, Optional<Setback> setback, Instant now) {
    Snapshot sets = store.view(ReplicaSetReconciler.REPLICA_SETS).snapshot();
    Optional<StoredObject> stored = sets.get(key.namespace(), key.name());
    if (stored.isEmpty()) {
      return Plan.NOTHING;
    }
    ObjectNode set = stored.get().tree();
    Snapshot pods = store.view(PodFacts.PODS).snapshot();
    List<PodFacts> candidates =
        Candidates.of(
            pods,
            stored.get(),
            Selection.ofLabelSelector(set.path("spec").path("selector")),
            facts::pod);
    return ReplicaSetReconciler.reconcile(
        new ReplicaSetView(set, candidates, activeOnNode(set, sets, pods), setback), now);
  }

  /** Pods of all ReplicaSets with the same controller; empty when this is the only one. */
  private Map<String, Integer> activeOnNode(ObjectNode set, Snapshot sets, Snapshot pods) {
    Optional<OwnerRef> controller =
        ObjectFacts.of(ReplicaSetReconciler.REPLICA_SETS, set).controller();
    Map<String, Integer> counts = new HashMap<>();
    if (controller.isEmpty()) {
      return counts;
    }
    for (StoredObject sibling : sets.ownedBy(controller.get().uid())) {
      for (StoredObject pod : pods.ownedBy(sibling.uid())) {
        PodFacts seen = facts.pod(pod);
        if (seen.active()) {
          counts.merge(seen.node(), 1, Integer::sum);
        }
      }
    }
    return counts;
  }
}
