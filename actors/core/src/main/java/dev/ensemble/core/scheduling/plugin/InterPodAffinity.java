package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Basis;
import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PlacedPods;
import dev.ensemble.core.scheduling.PlacedPods.Counted;
import dev.ensemble.core.scheduling.PlacedPods.Held;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.PodScope;
import dev.ensemble.core.scheduling.PodTerm;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.Score;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps pods near those that they ask for and away from those that they avoid, and from places
 * whose pods avoid them. Preferred terms of the pod and of the pods there count by weight; a
 * required affinity term of a pod there counts as one preferred with weight 1, as upstream's
 * hardPodAffinityWeight.
 */
public final class InterPodAffinity implements Filter, Score {
  private static final int REQUIRED_AFFINITY_WEIGHT = 1;

  @Override
  public String name() {
    return "InterPodAffinity";
  }

  @Override
  public Basis judgedOn() {
    return Basis.MARKET;
  }

  @Override
  public Basis basis() {
    return Basis.MARKET;
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(
        MarketEvent.NODE_ADDED,
        MarketEvent.NODE_LABELS,
        MarketEvent.POD_CHANGED,
        MarketEvent.PODS_CAME,
        MarketEvent.PODS_LEFT);
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    PlacedPods pods = market.pods();
    List<Places> avoiding = avoiding(pod, pods);
    List<PodTerm> wanted = pod.affinity().required();
    List<PodTerm> avoided = pod.affinity().requiredAnti();
    if (avoiding.isEmpty() && wanted.isEmpty() && avoided.isEmpty()) {
      return new Prepared.Nothing();
    }
    Wanted near = new Wanted(pod, pods);
    List<Places> away = new ArrayList<>();
    for (PodTerm term : avoided) {
      away.add(
          new Places(
              term.topologyKey(),
              pods.count(List.of(term.pods()), Counted.ALL).byPlace(term.topologyKey())));
    }
    return new Prepared.Check(offer -> check(offer, near, away, avoiding));
  }

  private Optional<Refusal> check(
      Offer offer, Wanted near, List<Places> away, List<Places> avoiding) {
    if (!near.isSatisfiedAt(offer)) {
      return Optional.of(Refusal.incurable(name(), "node(s) didn't match pod affinity rules"));
    }
    if (anyAt(offer, away)) {
      return Optional.of(Refusal.curable(name(), "node(s) didn't match pod anti-affinity rules"));
    }
    if (anyAt(offer, avoiding)) {
      return Optional.of(
          Refusal.curable(name(), "node(s) didn't satisfy existing pods anti-affinity rules"));
    }
    return Optional.empty();
  }

  /** Pods by place, under one topology key. */
  private record Places(String key, Map<String, Integer> counts) {
    boolean anyAt(Offer offer) {
      String place = offer.labels().get(key);
      return place != null && counts.containsKey(place);
    }
  }

  private static boolean anyAt(Offer offer, List<Places> all) {
    for (Places places : all) {
      if (places.anyAt(offer)) {
        return true;
      }
    }
    return false;
  }

  /** Where there are pods whose required anti-affinity means this pod. */
  private static List<Places> avoiding(PodRequest pod, PlacedPods pods) {
    List<Places> avoiding = new ArrayList<>();
    pods.held(Held.Kind.REQUIRED_ANTI)
        .forEach(
            (term, tally) -> {
              if (term.term().pods().matches(pod, pods.namespaces())) {
                String key = term.term().topologyKey();
                avoiding.add(new Places(key, tally.byPlace(key)));
              }
            });
    return avoiding;
  }

  /** Required affinity: pods that all of the terms mean must be in the place of each term. */
  private static final class Wanted {
    private final List<Places> places = new ArrayList<>();
    private final boolean first;

    Wanted(PodRequest pod, PlacedPods pods) {
      List<PodTerm> terms = pod.affinity().required();
      List<PodScope> scopes = terms.stream().map(PodTerm::pods).toList();
      boolean none = true;
      for (PodTerm term : terms) {
        Map<String, Integer> counts = pods.count(scopes, Counted.ALL).byPlace(term.topologyKey());
        none &= counts.isEmpty();
        places.add(new Places(term.topologyKey(), counts));
      }
      // The first of a group that wants to be together may go anywhere.
      first = none && scopes.stream().allMatch(scope -> scope.matches(pod, pods.namespaces()));
    }

    boolean isSatisfiedAt(Offer offer) {
      boolean all = true;
      for (Places wanted : places) {
        if (!offer.labels().containsKey(wanted.key())) {
          return false;
        }
        all &= wanted.anyAt(offer);
      }
      return all || first;
    }
  }

  @Override
  public Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible) {
    PlacedPods pods = market.pods();
    Map<String, Map<String, Long>> weights = new HashMap<>();
    pod.affinity().preferred().forEach(p -> add(weights, p.term(), p.weight(), pods));
    pod.affinity().preferredAnti().forEach(p -> add(weights, p.term(), -p.weight(), pods));
    addHeld(weights, Held.Kind.REQUIRED, pod, pods);
    addHeld(weights, Held.Kind.PREFERRED, pod, pods);
    if (weights.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new ByPlace(weights));
  }

  private static void add(
      Map<String, Map<String, Long>> weights, PodTerm term, int weight, PlacedPods pods) {
    add(
        weights,
        term.topologyKey(),
        weight,
        pods.count(List.of(term.pods()), Counted.ALL).byPlace(term.topologyKey()));
  }

  private static void addHeld(
      Map<String, Map<String, Long>> weights, Held.Kind kind, PodRequest pod, PlacedPods pods) {
    pods.held(kind)
        .forEach(
            (held, tally) -> {
              if (held.term().pods().matches(pod, pods.namespaces())) {
                String key = held.term().topologyKey();
                int weight = kind == Held.Kind.REQUIRED ? REQUIRED_AFFINITY_WEIGHT : held.weight();
                add(weights, key, weight, tally.byPlace(key));
              }
            });
  }

  private static void add(
      Map<String, Map<String, Long>> weights, String key, int weight, Map<String, Integer> counts) {
    if (weight == 0 || counts.isEmpty()) {
      return;
    }
    Map<String, Long> sums = weights.computeIfAbsent(key, k -> new HashMap<>());
    counts.forEach((place, count) -> sums.merge(place, (long) weight * count, Long::sum));
  }

  /** The sum of the weights of all places that a node is in, from the least to the greatest. */
  private record ByPlace(Map<String, Map<String, Long>> weights) implements Scorer {
    @Override
    public long score(Offer offer) {
      long sum = 0;
      for (Map.Entry<String, Map<String, Long>> key : weights.entrySet()) {
        String place = offer.labels().get(key.getKey());
        sum += place == null ? 0 : key.getValue().getOrDefault(place, 0L);
      }
      return sum;
    }

    @Override
    public void normalize(long[] scores) {
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      for (long score : scores) {
        least = Math.min(least, score);
        most = Math.max(most, score);
      }
      for (int i = 0; i < scores.length; i++) {
        scores[i] =
            most > least ? (long) (MAX * ((double) (scores[i] - least) / (most - least))) : 0;
      }
    }
  }
}
