package dev.ensemble.core.scheduling;

import dev.ensemble.core.entity.Bid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Picks candidates for a pod from the book: filters first, then scores. */
public final class Placement {
  /** Below this many nodes each one is looked at (upstream's minFeasibleNodesToFind). */
  private static final int NODES_MIN = 100;

  private static final int PERCENTAGE_MIN = 5;

  private final Profile profile;

  public Placement(Profile profile) {
    this.profile = profile;
  }

  /**
   * Candidates, best first, at most {@code most}.
   *
   * @param start where in the book to begin, so that in a large market each pod looks at others
   */
  public Result candidates(PodRequest pod, Market market, int start, int most) {
    Diagnosis.Builder diagnosis = new Diagnosis.Builder(market.offers().size());
    List<Filter.NodeCheck> checks = new ArrayList<>();
    Optional<Set<String>> only = Optional.empty();
    for (Filter filter : profile.filters()) {
      Filter.Prepared prepared = filter.prepare(pod, market);
      if (prepared instanceof Filter.Prepared.Refused refused) {
        diagnosis.refusedEverywhere(refused.refusal());
        return new Result(List.of(), diagnosis.build(), 0);
      } else if (prepared instanceof Filter.Prepared.Check check) {
        checks.add(check.check());
      } else if (prepared instanceof Filter.Prepared.Only limited) {
        checks.add(limited.check());
        only = Optional.of(intersection(only, limited.nodes()));
        diagnosis.narrowedBy(filter.name());
      }
    }
    List<Offer> feasible = new ArrayList<>();
    int looked = look(market, only, start, checks, feasible, diagnosis);
    List<Bid> bids = best(pod, market, feasible, most);
    return new Result(bids, diagnosis.build(), looked);
  }

  /** A node's own answer: its refusal, or empty when it can take the pod. */
  public Optional<Refusal> judge(PodRequest pod, Offer offer) {
    Market alone = new SingleOffer(offer);
    for (Filter filter : profile.filters()) {
      Filter.Prepared prepared = filter.prepare(pod, alone);
      Optional<Refusal> refusal = Optional.empty();
      if (prepared instanceof Filter.Prepared.Refused refused) {
        refusal = Optional.of(refused.refusal());
      } else if (prepared instanceof Filter.Prepared.Check check) {
        refusal = check.check().check(offer);
      } else if (prepared instanceof Filter.Prepared.Only limited) {
        refusal = limited.check().check(offer);
      }
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  /** The weighted scores that a node can tell from its live accounts alone. */
  public Map<String, Long> ownScores(PodRequest pod, Offer offer) {
    Market alone = new SingleOffer(offer);
    Map<String, Long> scores = new HashMap<>();
    for (Profile.Weighted weighted : profile.scores()) {
      if (weighted.score().basis() == Score.Basis.NODE) {
        weighted
            .score()
            .scorer(pod, alone)
            .ifPresent(
                s -> scores.put(weighted.score().name(), weighted.weight() * s.score(offer)));
      }
    }
    return scores;
  }

  private int look(
      Market market,
      Optional<Set<String>> only,
      int start,
      List<Filter.NodeCheck> checks,
      List<Offer> feasible,
      Diagnosis.Builder diagnosis) {
    List<Offer> offers = market.offers();
    if (only.isPresent()) {
      for (String node : only.get()) {
        market.offer(node).ifPresent(offer -> check(offer, checks, feasible, diagnosis));
      }
      return only.get().size();
    }
    int enough = enough(offers.size());
    int looked = 0;
    while (looked < offers.size() && feasible.size() < enough) {
      Offer offer = offers.get(Math.floorMod(start + looked, offers.size()));
      check(offer, checks, feasible, diagnosis);
      looked++;
    }
    return looked;
  }

  private static void check(
      Offer offer,
      List<Filter.NodeCheck> checks,
      List<Offer> feasible,
      Diagnosis.Builder diagnosis) {
    for (Filter.NodeCheck check : checks) {
      Optional<Refusal> refusal = check.check(offer);
      if (refusal.isPresent()) {
        diagnosis.refused(offer, refusal.get());
        return;
      }
    }
    diagnosis.accepted();
    feasible.add(offer);
  }

  /** Upstream's adaptive percentageOfNodesToScore. */
  static int enough(int nodes) {
    if (nodes < NODES_MIN) {
      return nodes;
    }
    int percentage = Math.max(PERCENTAGE_MIN, 50 - nodes / 125);
    return Math.max(NODES_MIN, (int) ((long) nodes * percentage / 100));
  }

  private List<Bid> best(PodRequest pod, Market market, List<Offer> feasible, int most) {
    int count = feasible.size();
    long[] totals = new long[count];
    Map<String, long[]> byPlugin = new LinkedHashMap<>();
    // With one node there is nothing to compare; the bid still says how it was judged.
    for (Profile.Weighted weighted : profile.scores()) {
      Optional<Score.Scorer> scorer = weighted.score().scorer(pod, market);
      if (scorer.isEmpty()) {
        continue;
      }
      long[] scores = new long[count];
      for (int i = 0; i < count; i++) {
        scores[i] = scorer.get().score(feasible.get(i));
      }
      scorer.get().normalize(scores);
      for (int i = 0; i < count; i++) {
        scores[i] *= weighted.weight();
        totals[i] += scores[i];
      }
      byPlugin.put(weighted.score().name(), scores);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    order.sort(
        Comparator.<Integer>comparingLong(i -> -totals[i])
            .thenComparingInt(i -> tieBreak(pod.uid(), feasible.get(i).node())));
    List<Bid> bids = new ArrayList<>();
    for (int i : order.subList(0, Math.min(most, count))) {
      Map<String, Long> scores = new HashMap<>();
      byPlugin.forEach((plugin, all) -> scores.put(plugin, all[i]));
      bids.add(new Bid(feasible.get(i).node(), totals[i], scores, List.of()));
    }
    return bids;
  }

  /** Spreads equal nodes evenly over pods, the same way every time it is asked. */
  static int tieBreak(String uid, String node) {
    int hash = uid.hashCode() * 31 + node.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }

  private static Set<String> intersection(Optional<Set<String>> only, Set<String> nodes) {
    if (only.isEmpty()) {
      return nodes;
    }
    Set<String> both = new TreeSet<>(only.get());
    both.retainAll(nodes);
    return both;
  }

  /**
   * What came of looking.
   *
   * @param candidates best first; empty when no node would do
   * @param looked how many nodes were looked at: where the next pod may begin
   */
  public record Result(List<Bid> candidates, Diagnosis diagnosis, int looked) {
    public Result {
      candidates = List.copyOf(candidates);
    }
  }

  private record SingleOffer(Offer single) implements Market {
    @Override
    public List<Offer> offers() {
      return List.of(single);
    }

    @Override
    public Optional<Offer> offer(String node) {
      return node.equals(single.node()) ? Optional.of(single) : Optional.empty();
    }

    @Override
    public int nodesWithImage(String image) {
      return single.images().containsKey(image) ? 1 : 0;
    }
  }
}
