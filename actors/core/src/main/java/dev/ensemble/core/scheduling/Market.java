package dev.ensemble.core.scheduling;

import java.util.List;
import java.util.Optional;

/** All standing offers, as filters and scores that compare nodes see them. */
public interface Market {
  /** In the order in which nodes came. */
  List<Offer> offers();

  Optional<Offer> offer(String node);

  /** How many nodes hold the image. */
  int nodesWithImage(String image);

  /** The pods that have a node or are about to. */
  PlacedPods pods();

  /** The places that nodes are in. */
  Topology topology();

  /** How a pod is spread, by preference, that says nothing of it itself. */
  List<SpreadConstraint> defaultSpread(PodRequest pod);
}
