package dev.ensemble.actors.node;

import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.node.PodCidrs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each node its own range of pod addresses. Ranges handed out and not yet seen in the view
 * are held back. One for the whole cluster: two of them could hand out one range twice.
 */
final class PodCidrAllocator {
  private final ObjectStore store;
  private final PodCidrs cidrs;
  private final Map<String, String> handedOut = new HashMap<>();

  PodCidrAllocator(ObjectStore store, SessionSettings settings) {
    this.store = store;
    this.cidrs = new PodCidrs(settings.clusterCidr(), settings.nodePrefixLength());
  }

  /** A range for the node, the same again until it is released; empty when none is left. */
  synchronized Optional<String> allocate(String node) {
    String already = handedOut.get(node);
    if (already != null) {
      return Optional.of(already);
    }
    Set<String> used = new HashSet<>(handedOut.values());
    for (StoredObject object : store.view(NodeSight.NODES).snapshot().all()) {
      used.add(object.tree().path("spec").path("podCIDR").asText());
    }
    Optional<String> next = cidrs.next(used);
    next.ifPresent(cidr -> handedOut.put(node, cidr));
    return next;
  }

  /** The Node holds its range now, or does not need it: the view speaks for itself. */
  synchronized void release(String node) {
    handedOut.remove(node);
  }
}
