package dev.ensemble.actors.node;

import dev.ensemble.core.scheduling.Offer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a node's broker says to a scheduler. */
public interface BrokerReply {
  String node();

  /** The node's standing offer. */
  record Posted(Offer offer) implements BrokerReply {
    @Override
    public String node() {
      return offer.node();
    }
  }

  /** The node offers nothing: it is gone. */
  record Withdrawn(String node) implements BrokerReply {}

  /**
   * The answer to a call for bids.
   *
   * @param refusals why not, upstream's reasons; empty for a bid
   * @param scores what the node can tell of itself, weighted, by plugin
   * @param offer the live offer when the node refuses: the caller's book was behind
   */
  record Answered(
      String node,
      String uid,
      int round,
      List<String> refusals,
      Map<String, Long> scores,
      Optional<Offer> offer)
      implements BrokerReply {
    public Answered {
      refusals = List.copyOf(refusals);
      scores = Map.copyOf(scores);
    }
  }

  /** The pod is bound to this node. */
  record Taken(String node, String uid, Optional<Offer> offer) implements BrokerReply {}

  /**
   * The pod is not bound to this node: the node has no room, or the pod is gone, changed or placed
   * elsewhere.
   */
  record Declined(String node, String uid, List<String> refusals, Optional<Offer> offer)
      implements BrokerReply {
    public Declined {
      refusals = List.copyOf(refusals);
    }
  }
}
