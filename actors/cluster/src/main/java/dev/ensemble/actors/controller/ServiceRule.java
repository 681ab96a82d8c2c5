package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Selection;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.endpoints.NodeFacts;
import dev.ensemble.core.controller.endpoints.ServiceReconciler;
import dev.ensemble.core.controller.endpoints.ServiceView;
import dev.ensemble.core.controller.node.NodeLifecycleReconciler;
import dev.ensemble.core.object.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a Service's pass looks at. */
final class ServiceRule implements Rule {
  private final FactsCache facts;

  ServiceRule(FactsCache facts) {
    this.facts = facts;
  }

  @Override
  public String controller() {
    return ServiceReconciler.COMPONENT;
  }

  @Override
  public Plan plan(ObjectKey key, ObjectStore store, Optional<Setback> setback, Instant now) {
    Optional<StoredObject> stored =
        store.view(ServiceReconciler.SERVICES).snapshot().get(key.namespace(), key.name());
    if (stored.isEmpty()) {
      return Plan.NOTHING;
    }
    ObjectNode service = stored.get().tree();
    Selection selection = Selection.ofLabels(service.path("spec").path("selector"));
    List<PodFacts> pods = new ArrayList<>();
    for (StoredObject pod :
        Candidates.selected(store.view(PodFacts.PODS).snapshot(), key.namespace(), selection)) {
      if (selection.matches(pod.labels())) {
        pods.add(facts.pod(pod));
      }
    }
    List<ObjectNode> slices = new ArrayList<>();
    for (StoredObject slice :
        store
            .view(ServiceReconciler.SLICES)
            .snapshot()
            .labelled(key.namespace(), ServiceReconciler.SERVICE_NAME_LABEL, key.name())) {
      slices.add(slice.tree());
    }
    Optional<ObjectNode> endpoints =
        store
            .view(ServiceReconciler.ENDPOINTS)
            .snapshot()
            .get(key.namespace(), key.name())
            .map(StoredObject::tree);
    return ServiceReconciler.reconcile(
        new ServiceView(service, pods, slices, endpoints, nodes(service, pods, store)));
  }

  private static Map<String, NodeFacts> nodes(
      ObjectNode service, List<PodFacts> pods, ObjectStore store) {
    Snapshot nodes = store.view(NodeLifecycleReconciler.NODES).snapshot();
    Map<String, NodeFacts> found = new HashMap<>();
    if (service.path("spec").path("type").asText().equals("LoadBalancer")) {
      nodes.all().forEach(node -> found.put(node.key().name(), NodeFacts.of(node.tree())));
      return found;
    }
    for (PodFacts pod : pods) {
      if (!pod.node().isEmpty() && !found.containsKey(pod.node())) {
        nodes
            .get("", pod.node())
            .ifPresent(node -> found.put(pod.node(), NodeFacts.of(node.tree())));
      }
    }
    return found;
  }
}
