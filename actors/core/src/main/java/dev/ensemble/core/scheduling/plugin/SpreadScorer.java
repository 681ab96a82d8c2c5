package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PlacedPods.Counted;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Score;
import dev.ensemble.core.scheduling.SpreadConstraint;
import dev.ensemble.core.scheduling.Tally;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Makes places with fewer of the pods that preferred constraints count better. A place counts the
 * more the more places there are; the formula is upstream's.
 */
final class SpreadScorer implements Score.Scorer {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** Of a node that lacks a label which the pod's own constraints name. */
  private static final long LEFT_OUT = -1;

  private final List<String> needed;
  private final List<Part> parts = new ArrayList<>();

  /** One constraint: how many pods there are where a node is, and what each of them costs. */
  private record Part(SpreadConstraint constraint, ToIntFunction<Offer> count, double weight) {}

  /**
   * @param own whether the constraints are the pod's own: then nodes that lack one of the labels
   *     are left out; defaults take a node as it is
   */
  SpreadScorer(
      PodRequest pod,
      List<SpreadConstraint> constraints,
      boolean own,
      Market market,
      List<Offer> feasible) {
    List<String> keys = constraints.stream().map(SpreadConstraint::topologyKey).toList();
    needed = own ? keys : List.of();
    for (SpreadConstraint constraint : constraints) {
      String key = constraint.topologyKey();
      List<String> counting = own ? keys : List.of(key);
      parts.add(
          new Part(
              constraint,
              count(pod, constraint, counting, market),
              Math.log(places(key, feasible) + 2)));
    }
  }

  private static ToIntFunction<Offer> count(
      PodRequest pod, SpreadConstraint constraint, List<String> keys, Market market) {
    String key = constraint.topologyKey();
    if (key.equals(HOSTNAME)) {
      Tally tally = market.pods().count(List.of(constraint.pods()), Counted.STAYING);
      return offer -> tally.onNode(offer.node());
    }
    SpreadCounts counts = SpreadCounts.of(pod, constraint, keys, market);
    return offer -> counts.at(offer.labels().get(key));
  }

  /** How many places the nodes that can do are in. */
  private int places(String key, List<Offer> feasible) {
    Set<String> places = new HashSet<>();
    int nodes = 0;
    for (Offer offer : feasible) {
      if (SpreadCounts.hasAll(needed, offer)) {
        nodes++;
        if (offer.labels().containsKey(key)) {
          places.add(offer.labels().get(key));
        }
      }
    }
    return key.equals(HOSTNAME) ? nodes : places.size();
  }

  @Override
  public long score(Offer offer) {
    if (!SpreadCounts.hasAll(needed, offer)) {
      return LEFT_OUT;
    }
    double score = 0;
    for (Part part : parts) {
      if (offer.labels().containsKey(part.constraint().topologyKey())) {
        int count = part.count().applyAsInt(offer);
        score += count * part.weight() + (part.constraint().maxSkew() - 1);
      }
    }
    return Math.round(score);
  }

  @Override
  public void normalize(long[] scores) {
    long least = Long.MAX_VALUE;
    long most = 0;
    for (long score : scores) {
      if (score != LEFT_OUT) {
        least = Math.min(least, score);
        most = Math.max(most, score);
      }
    }
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] == LEFT_OUT) {
        scores[i] = 0;
      } else {
        scores[i] = most == 0 ? Score.MAX : Score.MAX * (most + least - scores[i]) / most;
      }
    }
  }
}
