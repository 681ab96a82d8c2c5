package dev.ensemble.core.scheduling;

import dev.ensemble.core.entity.Bid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/** Picks candidates for a pod from the book: filters first, then scores. */
public final class Placement {
  private final Profile profile;

  /** The filters that a node answers itself. */
  private final List<Filter> own;

  public Placement(Profile profile) {
    this.profile = profile;
    this.own = profile.filters().stream().filter(f -> f.judgedOn() == Basis.NODE).toList();
  }

  /**
   * Candidates, best first, at most {@code most}.
   *
   * @param start where in the book to begin, so that in a large market each pod looks at others
   */
  public Result candidates(PodRequest pod, Market market, int start, int most) {
    return candidates(pod, market, Optional.empty(), start, most);
  }

  /** The one node as candidate, if it would do. */
  public Result candidate(PodRequest pod, Market market, String node) {
    return candidates(pod, market, Optional.of(Set.of(node)), 0, 1);
  }

  private Result candidates(
      PodRequest pod, Market market, Optional<Set<String>> among, int start, int most) {
    Found found = search(pod, market, among, start);
    List<Bid> bids = best(pod, market, found.feasible(), most);
    return new Result(bids, found.diagnosis(), found.step());
  }

  /** Nodes that would do, before they are compared. */
  private record Found(List<Offer> feasible, Diagnosis diagnosis, int step) {}

  private Found search(PodRequest pod, Market market, Optional<Set<String>> among, int start) {
    Diagnosis.Builder diagnosis = new Diagnosis.Builder(market.offers().size());
    List<Filter.NodeCheck> checks = new ArrayList<>();
    Optional<Set<String>> only = among;
    for (Filter filter : profile.filters()) {
      Filter.Prepared prepared = filter.prepare(pod, market);
      if (prepared instanceof Filter.Prepared.Refused refused) {
        diagnosis.refusedEverywhere(refused.refusal());
        return new Found(List.of(), diagnosis.build(), 0);
      } else if (prepared instanceof Filter.Prepared.Check check) {
        checks.add(check.check());
      } else if (prepared instanceof Filter.Prepared.Only limited) {
        checks.add(limited.check());
        only = Optional.of(intersection(only, limited.nodes()));
        diagnosis.narrowedBy(filter.name());
      }
    }
    List<Offer> feasible = new ArrayList<>();
    int step = look(market, only, start, checks, feasible, diagnosis);
    return new Found(feasible, diagnosis.build(), step);
  }

  /**
   * Why a node would take the pod or not.
   *
   * @param start as for {@link #candidates}
   * @param most how many of the best nodes it is compared with
   */
  public Explanation explain(PodRequest pod, Market market, String node, int start, int most) {
    Optional<String> placed =
        pod.nodeName().isEmpty() ? Optional.empty() : Optional.of(pod.nodeName());
    Optional<Offer> offer = market.offer(node);
    if (offer.isEmpty()) {
      return new Explanation(pod.fullName(), node, placed, false, List.of(), List.of());
    }
    List<Refusal> refusals = new ArrayList<>();
    for (Filter filter : profile.filters()) {
      Trial.refusal(filter.prepare(pod, market), offer.get()).ifPresent(refusals::add);
    }
    List<Bid> bids =
        refusals.isEmpty() ? compared(pod, market, offer.get(), start, most) : List.of();
    return new Explanation(pod.fullName(), node, placed, true, refusals, bids);
  }

  /** The best nodes and this one. */
  private List<Bid> compared(PodRequest pod, Market market, Offer offer, int start, int most) {
    List<Offer> feasible = new ArrayList<>(search(pod, market, Optional.empty(), start).feasible());
    if (!feasible.contains(offer)) {
      feasible.add(offer);
    }
    List<Bid> all = best(pod, market, feasible, feasible.size());
    List<Bid> shown = new ArrayList<>(all.subList(0, Math.min(most, all.size())));
    all.stream()
        .filter(bid -> bid.node().equals(offer.node()) && !shown.contains(bid))
        .forEach(shown::add);
    return shown;
  }

  /** A node's own answer: its refusal, or empty when it can take the pod. */
  public Optional<Refusal> judge(PodRequest pod, Offer offer) {
    return Trial.of(pod, Book.of(offer), own).refusal(offer);
  }

  /** All filters, to try out nodes one by one while pods in the market come and go. */
  Trial trial(PodRequest pod, Market market) {
    return Trial.of(pod, market, profile.filters());
  }

  /** The weighted scores that a node can tell from its live accounts alone. */
  public Map<String, Long> ownScores(PodRequest pod, Offer offer) {
    Market alone = Book.of(offer);
    Map<String, Long> scores = new HashMap<>();
    for (Profile.Weighted weighted : profile.scores()) {
      if (weighted.score().basis() == Basis.NODE) {
        weighted
            .score()
            .scorer(pod, alone, List.of(offer))
            .ifPresent(
                s -> scores.put(weighted.score().name(), weighted.weight() * s.score(offer)));
      }
    }
    return scores;
  }

  /** Looks for nodes that would do; returns how many the next pod may leave out. */
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
      return 0;
    }
    int enough = profile.search().enough(offers.size());
    int looked = 0;
    while (looked < offers.size() && feasible.size() < enough) {
      Offer offer = offers.get(Math.floorMod(start + looked, offers.size()));
      check(offer, checks, feasible, diagnosis);
      looked++;
    }
    return profile.search().step(looked, feasible.size());
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

  private List<Bid> best(PodRequest pod, Market market, List<Offer> feasible, int most) {
    int count = feasible.size();
    long[] totals = new long[count];
    Map<String, long[]> byPlugin = new LinkedHashMap<>();
    // With one node there is nothing to compare; the bid still says how it was judged.
    for (Profile.Weighted weighted : profile.scores()) {
      Optional<Score.Scorer> scorer = weighted.score().scorer(pod, market, feasible);
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
    List<Bid> bids = new ArrayList<>();
    for (int i : greatest(totals, most, i -> tieBreak(pod.uid(), feasible.get(i).node()))) {
      Map<String, Long> scores = new HashMap<>();
      byPlugin.forEach((plugin, all) -> scores.put(plugin, all[i]));
      bids.add(new Bid(feasible.get(i).node(), totals[i], scores, List.of()));
    }
    return bids;
  }

  /**
   * The places of the greatest totals in order; of equal ones the least {@code tie} comes first.
   */
  static int[] greatest(long[] totals, int most, IntUnaryOperator tie) {
    int[] best = new int[Math.min(most, totals.length)];
    int found = 0;
    for (int i = 0; i < totals.length; i++) {
      int place = found;
      while (place > 0 && isBefore(i, best[place - 1], totals, tie)) {
        place--;
      }
      if (place < best.length) {
        found = Math.min(found + 1, best.length);
        System.arraycopy(best, place, best, place + 1, found - 1 - place);
        best[place] = i;
      }
    }
    return best;
  }

  private static boolean isBefore(int a, int b, long[] totals, IntUnaryOperator tie) {
    return totals[a] != totals[b] ? totals[a] > totals[b] : tie.applyAsInt(a) < tie.applyAsInt(b);
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
   * @param step how far after this pod's start the next one may begin: past nodes that refuse, and
   *     only a little further, since what was looked at lately is near at hand
   */
  public record Result(List<Bid> candidates, Diagnosis diagnosis, int step) {
    public Result {
      candidates = List.copyOf(candidates);
    }
  }
}
