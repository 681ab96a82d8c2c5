package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Selection;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.deployment.DeploymentReconciler;
import dev.ensemble.core.controller.deployment.DeploymentView;
import dev.ensemble.core.controller.deployment.ReplicaSetFacts;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import dev.ensemble.core.object.ObjectKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers what a Deployment's pass looks at. */
final class DeploymentRule implements Rule {
  private final FactsCache facts;

  DeploymentRule(FactsCache facts) {
    this.facts = facts;
  }

  @Override
  public String controller() {
    return DeploymentReconciler.COMPONENT;
  }

  @Override
  public Plan plan(ObjectKey key, ObjectStore store, Optional<Setback> setback, Instant now) {
    Optional<StoredObject> stored =
        store.view(DeploymentReconciler.DEPLOYMENTS).snapshot().get(key.namespace(), key.name());
    if (stored.isEmpty()) {
      return Plan.NOTHING;
    }
    ObjectNode deployment = stored.get().tree();
    Snapshot sets = store.view(ReplicaSetReconciler.REPLICA_SETS).snapshot();
    List<ReplicaSetFacts> candidates =
        Candidates.of(
            sets,
            stored.get(),
            Selection.ofLabelSelector(deployment.path("spec").path("selector")),
            set -> ReplicaSetFacts.of(set.tree()));
    return DeploymentReconciler.reconcile(
        new DeploymentView(
            deployment, candidates, taken(sets, key), counts(store, candidates), setback),
        now);
  }

  private static Set<String> taken(Snapshot sets, ObjectKey key) {
    Set<String> names = new HashSet<>();
    String prefix = key.name() + "-";
    for (StoredObject set : sets.after(key.namespace(), prefix)) {
      boolean within =
          set.key().namespace().equals(key.namespace()) && set.key().name().startsWith(prefix);
      if (!within) {
        break;
      }
      names.add(set.key().name());
    }
    return names;
  }

  private Map<String, DeploymentView.PodCount> counts(
      ObjectStore store, List<ReplicaSetFacts> sets) {
    Snapshot pods = store.view(PodFacts.PODS).snapshot();
    Map<String, DeploymentView.PodCount> counts = new HashMap<>();
    for (ReplicaSetFacts set : sets) {
      DeploymentView.PodCount count = DeploymentView.PodCount.NONE;
      for (StoredObject pod : pods.ownedBy(set.meta().uid())) {
        count = count.and(facts.pod(pod));
      }
      counts.put(set.meta().uid(), count);
    }
    return counts;
  }
}
