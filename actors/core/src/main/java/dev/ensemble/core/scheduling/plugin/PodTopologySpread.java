package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Basis;
import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.Score;
import dev.ensemble.core.scheduling.SpreadConstraint;
import dev.ensemble.core.scheduling.SpreadConstraint.Rigour;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Spreads pods over places: a required constraint keeps a place from exceeding the emptiest one by
 * more than its skew, a preferred one makes emptier places better. Pods that name no constraint are
 * spread by the market's defaults.
 */
public final class PodTopologySpread implements Filter, Score {
  private static final String SKEWED = "node(s) didn't match pod topology spread constraints";

  @Override
  public String name() {
    return "PodTopologySpread";
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
        MarketEvent.NODE_TAINTS,
        MarketEvent.NODE_REMOVED,
        MarketEvent.POD_CHANGED,
        MarketEvent.PODS_CAME,
        MarketEvent.PODS_LEFT);
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    List<SpreadConstraint> required =
        pod.spread().stream().filter(c -> c.rigour() == Rigour.REQUIRED).toList();
    if (required.isEmpty()) {
      return new Prepared.Nothing();
    }
    List<String> keys = required.stream().map(SpreadConstraint::topologyKey).toList();
    List<SpreadCounts> counts =
        required.stream().map(c -> SpreadCounts.of(pod, c, keys, market)).toList();
    int[] least = counts.stream().mapToInt(SpreadCounts::least).toArray();
    return new Prepared.Check(offer -> check(counts, least, offer));
  }

  private Optional<Refusal> check(List<SpreadCounts> counts, int[] least, Offer offer) {
    for (int i = 0; i < least.length; i++) {
      SpreadCounts count = counts.get(i);
      String place = offer.labels().get(count.constraint().topologyKey());
      if (place == null) {
        return Optional.of(Refusal.incurable(name(), SKEWED + " (missing required label)"));
      }
      int skew = count.at(place) + count.ownCount() - least[i];
      if (skew > count.constraint().maxSkew()) {
        return Optional.of(Refusal.curable(name(), SKEWED));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible) {
    boolean own = !pod.spread().isEmpty();
    List<SpreadConstraint> preferred =
        own
            ? pod.spread().stream().filter(c -> c.rigour() == Rigour.PREFERRED).toList()
            : market.defaultSpread(pod);
    if (preferred.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new SpreadScorer(pod, preferred, own, market, feasible));
  }
}
