package dev.ensemble.actors.controller;

import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Selection;
import dev.ensemble.core.controller.deployment.DeploymentReconciler;
import dev.ensemble.core.controller.endpoints.NodeFacts;
import dev.ensemble.core.controller.endpoints.ServiceReconciler;
import dev.ensemble.core.controller.namespace.NamespaceReconciler;
import dev.ensemble.core.controller.node.NodeLifecycleReconciler;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import dev.ensemble.core.object.ObjectImage;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Finds the control loops that a change concerns. Rather one too many than one too few. */
final class Concerned {
  /** Kinds with a control loop of their own. */
  static final Set<ResourceName> LOOPS =
      Set.of(
          ReplicaSetReconciler.REPLICA_SETS,
          DeploymentReconciler.DEPLOYMENTS,
          ServiceReconciler.SERVICES,
          NamespaceReconciler.NAMESPACES);

  private final ObjectStore store;
  private final FactsCache facts;

  Concerned(ObjectStore store, FactsCache facts) {
    this.store = store;
    this.facts = facts;
  }

  Set<ObjectKey> by(Change change) {
    Set<ObjectKey> loops = new LinkedHashSet<>();
    ObjectKey key = change.object().key();
    if (LOOPS.contains(key.resource()) && change.type() != Change.Type.DELETED) {
      loops.add(key);
    }
    if (key.resource().equals(PodFacts.PODS)) {
      byPod(change, loops);
    } else if (key.resource().equals(ReplicaSetReconciler.REPLICA_SETS)) {
      byReplicaSet(change, loops);
    } else if (key.resource().equals(ServiceReconciler.SLICES)) {
      bySlice(change.object(), loops);
      change.previous().ifPresent(before -> bySlice(before, loops));
    } else if (key.resource().equals(ServiceReconciler.ENDPOINTS)) {
      loops.add(new ObjectKey(ServiceReconciler.SERVICES, key.namespace(), key.name()));
    } else if (key.resource().equals(NodeLifecycleReconciler.NODES)) {
      byNode(change, loops);
    }
    byNamespace(change, loops);
    return loops;
  }

  private void byPod(Change change, Set<ObjectKey> loops) {
    Optional<PodFacts> before = change.previous().map(facts::pod);
    PodFacts pod = facts.pod(change.object());
    if (change.type() == Change.Type.DELETED) {
      facts.forget(change.object().uid());
      deploymentOf(pod, loops);
    } else if (before.filter(old -> sameToControllers(old, pod)).isPresent()) {
      return;
    }
    if (before.filter(old -> !old.finished() && pod.finished()).isPresent()) {
      deploymentOf(pod, loops);
    }
    owners(pod.meta(), "ReplicaSet", ReplicaSetReconciler.REPLICA_SETS, loops);
    before.ifPresent(
        old -> owners(old.meta(), "ReplicaSet", ReplicaSetReconciler.REPLICA_SETS, loops));
    if (pod.meta().controller().isEmpty()) {
      selecting(ReplicaSetReconciler.REPLICA_SETS, change.object(), loops);
    }
    selecting(ServiceReconciler.SERVICES, change.object(), loops);
    before
        .filter(old -> !old.meta().labels().equals(pod.meta().labels()))
        .ifPresent(
            old -> selecting(ServiceReconciler.SERVICES, change.previous().orElseThrow(), loops));
  }

  /** Most changes of a pod are steps of its containers that nobody here asks for. */
  private static boolean sameToControllers(PodFacts old, PodFacts pod) {
    return old.phase().equals(pod.phase())
        && old.node().equals(pod.node())
        && old.readySince().equals(pod.readySince())
        && old.ips().equals(pod.ips())
        && old.meta().labels().equals(pod.meta().labels())
        && old.meta().owners().equals(pod.meta().owners())
        && old.meta().deleting().equals(pod.meta().deleting());
  }

  /** Recreate waits for the end of every old pod, which no ReplicaSet's status shows. */
  private void deploymentOf(PodFacts pod, Set<ObjectKey> loops) {
    Set<ObjectKey> sets = new LinkedHashSet<>();
    owners(pod.meta(), "ReplicaSet", ReplicaSetReconciler.REPLICA_SETS, sets);
    for (ObjectKey set : sets) {
      store
          .view(set.resource())
          .snapshot()
          .get(set.namespace(), set.name())
          .ifPresent(
              found ->
                  owners(
                      ObjectFacts.of(set.resource(), found.tree()),
                      "Deployment",
                      DeploymentReconciler.DEPLOYMENTS,
                      loops));
    }
  }

  private void byReplicaSet(Change change, Set<ObjectKey> loops) {
    ObjectFacts set = facts(change.object());
    owners(set, "Deployment", DeploymentReconciler.DEPLOYMENTS, loops);
    change
        .previous()
        .ifPresent(
            old -> owners(facts(old), "Deployment", DeploymentReconciler.DEPLOYMENTS, loops));
    if (set.controller().isEmpty()) {
      selecting(DeploymentReconciler.DEPLOYMENTS, change.object(), loops);
    }
  }

  private static ObjectFacts facts(StoredObject object) {
    return ObjectFacts.of(object.key().resource(), object.tree());
  }

  private static void owners(
      ObjectFacts object, String kind, ResourceName resource, Set<ObjectKey> loops) {
    object
        .controller()
        .filter(owner -> owner.kind().equals(kind))
        .map(OwnerRef::name)
        .ifPresent(name -> loops.add(new ObjectKey(resource, object.namespace(), name)));
  }

  /** The loops of one kind whose selector takes these labels. */
  private void selecting(ResourceName resource, StoredObject object, Set<ObjectKey> loops) {
    boolean plain = resource.equals(ServiceReconciler.SERVICES);
    for (StoredObject loop :
        store.view(resource).snapshot().inNamespace(object.key().namespace())) {
      var selector = loop.tree().path("spec").path("selector");
      Selection selection =
          plain ? Selection.ofLabels(selector) : Selection.ofLabelSelector(selector);
      if (selection.matches(object.labels())) {
        loops.add(loop.key());
      }
    }
  }

  private static void bySlice(StoredObject slice, Set<ObjectKey> loops) {
    String service = slice.labels().getOrDefault(ServiceReconciler.SERVICE_NAME_LABEL, "");
    if (!service.isEmpty()) {
      loops.add(new ObjectKey(ServiceReconciler.SERVICES, slice.key().namespace(), service));
    }
  }

  private void byNode(Change change, Set<ObjectKey> loops) {
    NodeFacts node = NodeFacts.of(change.object().tree());
    Optional<NodeFacts> before = change.previous().map(old -> NodeFacts.of(old.tree()));
    if (change.type() == Change.Type.MODIFIED && before.filter(node::equals).isPresent()) {
      return;
    }
    boolean zoneMoved = before.filter(old -> !old.zone().equals(node.zone())).isPresent();
    for (StoredObject service : store.view(ServiceReconciler.SERVICES).snapshot().all()) {
      if (zoneMoved || service.tree().path("spec").path("type").asText().equals("LoadBalancer")) {
        loops.add(service.key());
      }
    }
  }

  /** What a namespace should have, or what keeps it from going. */
  private void byNamespace(Change change, Set<ObjectKey> loops) {
    ObjectKey key = change.object().key();
    if (key.namespace().isEmpty()) {
      return;
    }
    boolean furniture =
        (key.resource().equals(NamespaceReconciler.CONFIG_MAPS)
                && key.name().equals(NamespaceReconciler.ROOT_CONFIG_MAP))
            || (key.resource().equals(NamespaceReconciler.SERVICE_ACCOUNTS)
                && key.name().equals("default"));
    ObjectKey namespace = new ObjectKey(NamespaceReconciler.NAMESPACES, "", key.namespace());
    if (furniture || (change.type() != Change.Type.MODIFIED && isGoing(namespace))) {
      loops.add(namespace);
    }
  }

  private boolean isGoing(ObjectKey namespace) {
    return store
        .view(namespace.resource())
        .snapshot()
        .get("", namespace.name())
        .filter(found -> ObjectImage.mayHave(found.json(), "deletionTimestamp"))
        .filter(found -> found.tree().path("metadata").has("deletionTimestamp"))
        .isPresent();
  }
}
