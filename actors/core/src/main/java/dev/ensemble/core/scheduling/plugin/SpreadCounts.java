package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PlacedPods.Counted;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.SpreadConstraint;
import dev.ensemble.core.scheduling.SpreadConstraint.NodePolicy;
import dev.ensemble.core.scheduling.Tally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pods that one constraint counts, by place, over the nodes that count for it.
 *
 * @param counts by place; a place without such pods may be missing
 * @param places how many places there are
 * @param ownCount 1 when the pod itself is one that is counted
 */
record SpreadCounts(
    SpreadConstraint constraint, Map<String, Integer> counts, int places, int ownCount) {

  /**
   * Counts for one constraint.
   *
   * @param keys the labels that a node must have to count
   */
  static SpreadCounts of(
      PodRequest pod, SpreadConstraint constraint, List<String> keys, Market market) {
    Tally tally = market.pods().count(List.of(constraint.pods()), Counted.STAYING);
    int ownCount = constraint.pods().matches(pod, market.pods().namespaces()) ? 1 : 0;
    String key = constraint.topologyKey();
    if (everyNodeCounts(pod, constraint, keys, market)) {
      int places = market.topology().places(key).size();
      return new SpreadCounts(constraint, tally.byPlace(key), places, ownCount);
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Offer offer : market.offers()) {
      if (hasAll(keys, offer) && countsFor(pod, constraint, offer)) {
        counts.merge(offer.labels().get(key), tally.onNode(offer.node()), Integer::sum);
      }
    }
    return new SpreadCounts(constraint, counts, counts.size(), ownCount);
  }

  /** Known without looking at each node. */
  private static boolean everyNodeCounts(
      PodRequest pod, SpreadConstraint constraint, List<String> keys, Market market) {
    if (constraint.nodeTaints() == NodePolicy.HONOR
        || (constraint.nodeAffinity() == NodePolicy.HONOR && NodeAffinity.asksSomething(pod))) {
      return false;
    }
    for (String key : keys) {
      if (market.topology().nodesWith(key) < market.offers().size()) {
        return false;
      }
    }
    return true;
  }

  private static boolean countsFor(PodRequest pod, SpreadConstraint constraint, Offer offer) {
    return (constraint.nodeAffinity() == NodePolicy.IGNORE || NodeAffinity.matches(pod, offer))
        && (constraint.nodeTaints() == NodePolicy.IGNORE
            || !TaintToleration.hasUntolerated(pod, offer));
  }

  static boolean hasAll(List<String> keys, Offer offer) {
    for (String key : keys) {
      if (!offer.labels().containsKey(key)) {
        return false;
      }
    }
    return true;
  }

  int at(String place) {
    return counts.getOrDefault(place, 0);
  }

  /** The least of all places; 0 when there are fewer places than the constraint wants. */
  int least() {
    if (places < constraint.minDomains() || counts.size() < places) {
      return 0;
    }
    int least = Integer.MAX_VALUE;
    for (int count : counts.values()) {
      least = Math.min(least, count);
    }
    return least;
  }
}
