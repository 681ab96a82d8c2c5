package dev.ensemble.core.scheduling;

import java.util.Optional;
import java.util.Set;

/**
 * A hard rule of the scheduler, one small file each. It is prepared once for a pod, with whatever
 * it wants to count over the whole market, and then asked for each node.
 */
public interface Filter {
  /** Upstream's plugin name. */
  String name();

  Prepared prepare(PodRequest pod, Market market);

  /** Whether the node decides itself as well, or only who has the whole book. */
  default Basis judgedOn() {
    return Basis.NODE;
  }

  /** What may turn this filter's refusal into consent. */
  Set<MarketEvent> helpedBy();

  /** What a filter makes of a pod. */
  sealed interface Prepared {
    /** The pod asks nothing of this filter. */
    record Nothing() implements Prepared {}

    /** Each node is to be checked. */
    record Check(NodeCheck check) implements Prepared {}

    /** Only these nodes can do; each of them is to be checked. */
    record Only(Set<String> nodes, NodeCheck check) implements Prepared {
      public Only {
        nodes = Set.copyOf(nodes);
      }
    }

    /** No node can do. */
    record Refused(Refusal refusal) implements Prepared {}
  }

  /** The rule for one pod. Empty: the node can do. */
  @FunctionalInterface
  interface NodeCheck {
    Optional<Refusal> check(Offer offer);
  }
}
