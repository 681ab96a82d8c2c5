package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Basis;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Resources;
import dev.ensemble.core.scheduling.Score;
import java.util.List;
import java.util.Optional;

/** Prefers nodes whose CPU and memory would be used to the same degree. */
public final class NodeResourcesBalancedAllocation implements Score {
  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  /** Pods that ask for neither unbalance nothing: upstream skips them. */
  @Override
  public Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible) {
    Resources wanted = pod.requests();
    if (wanted.milliCpu() == 0 && wanted.memoryBytes() == 0) {
      return Optional.empty();
    }
    return Optional.of(offer -> balance(wanted, offer));
  }

  private static long balance(Resources wanted, Offer offer) {
    Resources has = offer.allocatable();
    if (has.milliCpu() == 0 || has.memoryBytes() == 0) {
      return MAX;
    }
    Resources given = offer.usage().requested();
    double cpu = fraction(given.milliCpu() + wanted.milliCpu(), has.milliCpu());
    double memory = fraction(given.memoryBytes() + wanted.memoryBytes(), has.memoryBytes());
    double deviation = Math.abs((cpu - memory) / 2);
    return (long) ((1 - deviation) * MAX);
  }

  private static double fraction(long requested, long allocatable) {
    return Math.min(1.0, (double) requested / allocatable);
  }

  @Override
  public Basis basis() {
    return Basis.NODE;
  }
}
