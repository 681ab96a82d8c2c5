package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Basis;
import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.Score;
import dev.ensemble.core.scheduling.Taint;
import dev.ensemble.core.scheduling.Toleration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps pods off nodes with NoSchedule or NoExecute taints that they do not tolerate, and prefers
 * nodes with fewer PreferNoSchedule taints that they do not tolerate.
 */
public final class TaintToleration implements Filter, Score {
  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    // Since 1.35 the reason names no taint: keys and values may be confidential.
    Optional<Refusal> refusal =
        Optional.of(Refusal.incurable(name(), "node(s) had untolerated taint(s)"));
    return new Prepared.Check(offer -> hasUntolerated(pod, offer) ? refusal : Optional.empty());
  }

  static boolean hasUntolerated(PodRequest pod, Offer offer) {
    for (Taint taint : offer.taints()) {
      if (taint.effect() != Taint.Effect.PREFER_NO_SCHEDULE && !pod.tolerates(taint)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.NODE_ADDED, MarketEvent.NODE_TAINTS, MarketEvent.POD_CHANGED);
  }

  @Override
  public Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible) {
    List<Toleration> soft =
        pod.tolerations().stream()
            .filter(
                t ->
                    t.effect().orElse(Taint.Effect.PREFER_NO_SCHEDULE)
                        == Taint.Effect.PREFER_NO_SCHEDULE)
            .toList();
    return Optional.of(
        new Scorer() {
          @Override
          public long score(Offer offer) {
            long bad = 0;
            for (Taint taint : offer.taints()) {
              if (taint.effect() == Taint.Effect.PREFER_NO_SCHEDULE
                  && soft.stream().noneMatch(t -> t.tolerates(taint))) {
                bad++;
              }
            }
            return bad;
          }

          @Override
          public void normalize(long[] scores) {
            Score.scaleReversed(scores);
          }
        });
  }

  @Override
  public Basis basis() {
    return Basis.MARKET;
  }
}
