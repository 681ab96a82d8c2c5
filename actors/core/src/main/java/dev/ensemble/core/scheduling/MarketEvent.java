package dev.ensemble.core.scheduling;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What can help a pod that no node would take. */
public enum MarketEvent {
  NODE_ADDED,
  /** A node went: the emptiest place may have gone with it. */
  NODE_REMOVED,
  /** Labels of a node changed. */
  NODE_LABELS,
  /** A taint went or changed, or a node became schedulable again. */
  NODE_TAINTS,
  /** A node has more to give: pods went, or its allocatable grew. */
  ROOM,
  /** Another pod got a node, or other labels where it is. */
  PODS_CAME,
  /** A pod on a node went or ended. */
  PODS_LEFT,
  /** The pod itself was changed. */
  POD_CHANGED;

  /** What became better from one offer of a node to its next. */
  public static Set<MarketEvent> between(Optional<Offer> before, Offer after) {
    if (before.isEmpty()) {
      return EnumSet.of(NODE_ADDED);
    }
    Offer old = before.get();
    Set<MarketEvent> events = EnumSet.noneOf(MarketEvent.class);
    if (!old.labels().equals(after.labels())) {
      events.add(NODE_LABELS);
    }
    if ((old.unschedulable() && !after.unschedulable())
        || !after.taints().containsAll(old.taints())) {
      events.add(NODE_TAINTS);
    }
    boolean grew =
        !old.allocatable().covers(after.allocatable()) || after.podsMax() > old.podsMax();
    boolean freed =
        !after.usage().requested().covers(old.usage().requested())
            || after.usage().pods() < old.usage().pods()
            || !after.usage().hostPorts().containsAll(old.usage().hostPorts());
    if (grew || freed) {
      events.add(ROOM);
    }
    return events;
  }
}
