package dev.ensemble.actors.scheduler;

import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.scheduling.Diagnosis;
import dev.ensemble.core.scheduling.PodRequest;
import java.util.List;

/** What a {@link Dealer} can do in the world. Nothing here waits or fails. */
interface Floor {
  void callForBid(String node, PodRequest pod, int round);

  void award(String node, WaitingPod pod, List<Bid> bids);

  /** The pod has its node. */
  void scheduled(WaitingPod pod, String node);

  /** No node would take the pod now. */
  void unschedulable(WaitingPod pod, Diagnosis diagnosis);
}
