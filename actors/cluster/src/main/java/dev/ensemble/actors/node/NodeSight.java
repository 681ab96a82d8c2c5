package dev.ensemble.actors.node;

import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.scheduling.NodeAccounts;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings a node's accounts up to what the views show now. Each version is parsed once. */
final class NodeSight {
  static final ResourceName NODES = ResourceName.parse("nodes");
  static final ResourceName PODS = ResourceName.parse("pods");

  private final String node;
  private final ObjectStore store;
  private final NodeAccounts accounts;
  private Map<String, Parsed> pods = Map.of();
  private long podsRevision = -1;
  private Optional<StoredObject> nodeSeen = Optional.empty();
  private Optional<Offer> nodeOffer = Optional.empty();

  NodeSight(String node, ObjectStore store, NodeAccounts accounts) {
    this.node = node;
    this.store = store;
    this.accounts = accounts;
  }

  private record Parsed(long revision, PodRequest pod) {}

  void look() {
    Optional<StoredObject> now = store.view(NODES).snapshot().get("", node);
    Snapshot snapshot = store.view(PODS).snapshot();
    boolean sameNode = now.map(StoredObject::revision).equals(nodeSeen.map(StoredObject::revision));
    if (sameNode && snapshot.revision() == podsRevision) {
      return;
    }
    if (!sameNode) {
      nodeSeen = now;
      nodeOffer = now.map(object -> Offer.read(object.tree()));
    }
    podsRevision = snapshot.revision();
    Map<String, Parsed> seen = new HashMap<>();
    List<PodRequest> requests = new ArrayList<>();
    for (StoredObject object : snapshot.onNode(node)) {
      Parsed parsed = pods.get(object.uid());
      if (parsed == null || parsed.revision() != object.revision()) {
        parsed = new Parsed(object.revision(), PodRequest.read(object.tree()));
      }
      seen.put(object.uid(), parsed);
      requests.add(parsed.pod());
    }
    pods = seen;
    accounts.look(nodeOffer, requests);
  }

  /** The pod as the view shows it now, if it is still this one. */
  Optional<PodRequest> pod(String namespace, String name, String uid) {
    return store
        .view(PODS)
        .snapshot()
        .get(namespace, name)
        .filter(object -> object.uid().equals(uid))
        .map(object -> PodRequest.read(object.tree()));
  }
}
