package dev.ensemble.core.scheduling;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one node has and has given away: pods bound to it, and pods that are promised to it while
 * their Bind is under way. The one place that decides whether there is room for one more. A promise
 * ends only when its outcome is known, so a pod is counted from the promise on, once. Not safe for
 * several threads.
 */
public final class NodeAccounts {
  private static final String NAME = "NodeBroker";

  private final Placement placement;
  private Optional<Offer> node = Optional.empty();
  private Map<String, PodRequest> bound = Map.of();
  private final Map<String, PodRequest> promised = new HashMap<>();

  public NodeAccounts(Placement placement) {
    this.placement = placement;
  }

  /**
   * Takes what the views show: the Node, empty when it is gone, and the pods bound to it. Promises
   * stay.
   */
  public void look(Optional<Offer> newNode, Collection<PodRequest> pods) {
    node = newNode;
    Map<String, PodRequest> holding = new HashMap<>();
    for (PodRequest pod : pods) {
      if (!pod.finished()) {
        holding.put(pod.uid(), pod);
      }
    }
    bound = holding;
  }

  /** The standing offer, empty when the node is gone. */
  public Optional<Offer> offer() {
    return node.map(
        n -> {
          Map<String, PodRequest> all = new HashMap<>(promised);
          all.putAll(bound);
          Set<String> underWay = new HashSet<>(promised.keySet());
          return n.with(Usage.of(all.values()), underWay);
        });
  }

  /** Whether the node would take the pod now. Promises nothing. */
  public Optional<Refusal> judge(PodRequest pod) {
    if (holds(pod.uid())) {
      return Optional.empty();
    }
    return offer()
        .map(offer -> placement.judge(pod, offer))
        .orElseGet(() -> Optional.of(Refusal.incurable(NAME, "node(s) were gone")));
  }

  /** Promises room to the pod, unless there is none. A pod that holds a place has it. */
  public Optional<Refusal> promise(PodRequest pod) {
    Optional<Refusal> refusal = judge(pod);
    if (refusal.isEmpty() && !holds(pod.uid())) {
      promised.put(pod.uid(), pod);
    }
    return refusal;
  }

  /** Counts a promise that was made before and whose outcome is not known yet. */
  public void restore(PodRequest pod) {
    promised.put(pod.uid(), pod);
  }

  /** The weighted scores that this node can tell of itself. */
  public Map<String, Long> ownScores(PodRequest pod) {
    return offer().map(offer -> placement.ownScores(pod, offer)).orElse(Map.of());
  }

  /** The outcome of the pod's Bind is known; if it was made, the view shows it. */
  public void settle(String uid) {
    promised.remove(uid);
  }

  public boolean holds(String uid) {
    return promised.containsKey(uid) || bound.containsKey(uid);
  }

  public Collection<PodRequest> promised() {
    return Set.copyOf(promised.values());
  }
}
