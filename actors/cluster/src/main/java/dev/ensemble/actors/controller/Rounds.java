package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.cleanup.EventExpiry;
import dev.ensemble.core.controller.cleanup.PodGarbage;
import dev.ensemble.core.controller.node.NodeLifecycleReconciler;
import dev.ensemble.core.controller.node.NodeLifecycleView;
import dev.ensemble.core.controller.node.TaintEviction;
import dev.ensemble.core.controller.node.UnreachablePods;
import dev.ensemble.core.object.ResourceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gathers what the housekeeper's rules look at, and remembers since when nodes are gone. */
final class Rounds {
  private static final ResourceName EVENTS = new ResourceName("", "events");

  private final ObjectStore store;
  private final ControllerParts parts;
  private final Heartbeats heartbeats;
  private final Instant listeningSince;
  private final Map<String, Instant> goneSince = new HashMap<>();

  Rounds(ObjectStore store, ControllerParts parts, Heartbeats heartbeats, Instant listeningSince) {
    this.store = store;
    this.parts = parts;
    this.heartbeats = heartbeats;
    this.listeningSince = listeningSince;
  }

  List<List<Action>> nodes(Instant now) {
    List<List<Action>> plans = new ArrayList<>();
    Snapshot pods = store.view(PodFacts.PODS).snapshot();
    for (StoredObject stored : store.view(NodeLifecycleReconciler.NODES).snapshot().all()) {
      ObjectNode node = stored.tree();
      String name = stored.key().name();
      plans.add(
          NodeLifecycleReconciler.reconcile(
                  new NodeLifecycleView(
                      node,
                      heartbeats.lastHeard(name),
                      listeningSince,
                      parts.settings().nodeGrace()),
                  now)
              .actions());
      plans.add(evictions(node, name, pods, now));
      if (notReady(node)) {
        List<ObjectNode> onNode = new ArrayList<>();
        pods.onNode(name).forEach(pod -> onNode.add(pod.tree()));
        plans.add(UnreachablePods.mark(onNode, now));
      }
    }
    return plans;
  }

  private static boolean notReady(ObjectNode node) {
    return Conditions.find(node.path("status"), "Ready")
        .filter(ready -> !ready.path("status").asText().equals("True"))
        .isPresent();
  }

  private List<Action> evictions(ObjectNode node, String name, Snapshot pods, Instant now) {
    List<JsonNode> taints = new ArrayList<>();
    node.path("spec").path("taints").forEach(taints::add);
    if (taints.isEmpty()) {
      return List.of();
    }
    List<PodFacts> onNode = new ArrayList<>();
    pods.onNode(name).forEach(pod -> onNode.add(parts.facts().pod(pod)));
    return TaintEviction.reconcile(new TaintEviction.View(taints, onNode), now).actions();
  }

  List<List<Action>> sweep(Instant now) {
    Set<String> nodes = new HashSet<>();
    store
        .view(NodeLifecycleReconciler.NODES)
        .snapshot()
        .all()
        .forEach(node -> nodes.add(node.key().name()));
    List<PodFacts> pods = new ArrayList<>();
    Set<String> gone = new HashSet<>();
    for (StoredObject stored : store.view(PodFacts.PODS).snapshot().all()) {
      PodFacts pod = parts.facts().pod(stored);
      pods.add(pod);
      if (!pod.node().isEmpty() && !nodes.contains(pod.node())) {
        gone.add(pod.node());
      }
    }
    goneSince.keySet().retainAll(gone);
    gone.forEach(node -> goneSince.putIfAbsent(node, now));
    List<Action> podActions =
        PodGarbage.sweep(
                new PodGarbage.View(pods, nodes, goneSince, parts.settings().finishedPodsMax()),
                now)
            .actions();
    List<Action> eventActions =
        EventExpiry.sweep(new EventExpiry.View(events(), parts.settings().eventsKept()), now)
            .actions();
    return List.of(podActions, eventActions);
  }

  private List<EventExpiry.Kept> events() {
    List<EventExpiry.Kept> kept = new ArrayList<>();
    for (StoredObject event : store.view(EVENTS).snapshot().all()) {
      kept.add(new EventExpiry.Kept(event.key(), event.uid(), lastWritten(event)));
    }
    return kept;
  }

  private Instant lastWritten(StoredObject event) {
    JsonNode tree = event.tree();
    return ObjectFacts.time(tree.path("lastTimestamp"))
        .or(() -> ObjectFacts.time(tree.path("series").path("lastObservedTime")))
        .or(() -> ObjectFacts.time(tree.path("eventTime")))
        .or(() -> ObjectFacts.time(tree.path("metadata").path("creationTimestamp")))
        .orElse(parts.clock().instant());
  }

  /** Completes with the last failure, if there was one. */
  static CompletionStage<ActionOutcome> oneAfterTheOther(PlanRun run, List<List<Action>> plans) {
    CompletionStage<ActionOutcome> all = CompletableFuture.completedFuture(ActionOutcome.DONE);
    for (List<Action> plan : plans) {
      if (!plan.isEmpty()) {
        all =
            all.thenCompose(
                before ->
                    run.run(plan)
                        .thenApply(
                            after ->
                                Optional.of(after)
                                    .filter(ActionOutcome.Failed.class::isInstance)
                                    .orElse(before)));
      }
    }
    return all;
  }
}
