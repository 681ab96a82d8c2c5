package dev.ensemble.actors.scheduler;

import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.scheduling.PodRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a {@link Dealer} can do in the world. Nothing here waits or fails. */
interface Floor {
  /** How an attempt ended, as upstream's metrics call it. */
  enum Attempt {
    SCHEDULED,
    UNSCHEDULABLE,
    /** Nodes that looked right declined or did not answer. */
    ERROR
  }

  void callForBid(String node, PodRequest pod, int round);

  void award(String node, WaitingPod pod, List<Bid> bids);

  /** The pod has its node. */
  void scheduled(WaitingPod pod, String node);

  /** An attempt to place a pod has ended. */
  void attempted(Attempt attempt, Duration took);

  /**
   * No node would take the pod now.
   *
   * @param nominated the node where others are being ended for it
   */
  void unschedulable(WaitingPod pod, String message, Optional<String> nominated);

  /** Ends pods of a node to make room for a pod of higher priority. */
  void preempt(WaitingPod pod, String node, List<PodRequest> victims);
}
