package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Basis;
import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.Resources;
import dev.ensemble.core.scheduling.Score;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A node must have room for what the pod asks; nodes with more room left are preferred (upstream's
 * LeastAllocated strategy with CPU and memory of equal weight).
 */
public final class NodeResourcesFit implements Filter, Score {
  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    Map<Shortage, Optional<Refusal>> refusals = new HashMap<>();
    return new Prepared.Check(
        offer ->
            fits(pod, offer)
                ? Optional.empty()
                : refusals.computeIfAbsent(shortage(pod, offer), this::refusal));
  }

  private static boolean fits(PodRequest pod, Offer offer) {
    Resources wanted = pod.requests();
    Resources has = offer.allocatable();
    Resources given = offer.usage().requested();
    return offer.usage().pods() < offer.podsMax()
        && fits(wanted.milliCpu(), has.milliCpu(), given.milliCpu())
        && fits(wanted.memoryBytes(), has.memoryBytes(), given.memoryBytes())
        && fits(
            wanted.ephemeralStorageBytes(),
            has.ephemeralStorageBytes(),
            given.ephemeralStorageBytes())
        && (wanted.others().isEmpty() || shortage(pod, offer).reasons().isEmpty());
  }

  private static boolean fits(long wanted, long allocatable, long given) {
    return wanted == 0 || wanted <= allocatable - given;
  }

  private Optional<Refusal> refusal(Shortage shortage) {
    return Optional.of(new Refusal(name(), shortage.reasons(), shortage.remedy()));
  }

  private static Shortage shortage(PodRequest pod, Offer offer) {
    Missing missing = new Missing();
    if (offer.usage().pods() + 1 > offer.podsMax()) {
      missing.reasons.add("Too many pods");
    }
    Resources wanted = pod.requests();
    Resources has = offer.allocatable();
    Resources given = offer.usage().requested();
    missing.check("cpu", wanted.milliCpu(), has.milliCpu(), given.milliCpu());
    missing.check("memory", wanted.memoryBytes(), has.memoryBytes(), given.memoryBytes());
    missing.check(
        "ephemeral-storage",
        wanted.ephemeralStorageBytes(),
        has.ephemeralStorageBytes(),
        given.ephemeralStorageBytes());
    if (!wanted.others().isEmpty()) {
      new TreeMap<>(wanted.others())
          .forEach(
              (name, amount) -> missing.check(name, amount, has.other(name), given.other(name)));
    }
    return new Shortage(missing.reasons, missing.remedy);
  }

  /** What is missing on a node, as many others miss it too. */
  private record Shortage(List<String> reasons, Refusal.Remedy remedy) {}

  /** Gathers what is missing on one node. */
  private static final class Missing {
    private final List<String> reasons = new ArrayList<>(0);
    private Refusal.Remedy remedy = Refusal.Remedy.PREEMPTION;

    void check(String resource, long wanted, long allocatable, long given) {
      if (!fits(wanted, allocatable, given)) {
        reasons.add("Insufficient " + resource);
        if (wanted > allocatable) {
          remedy = Refusal.Remedy.NONE;
        }
      }
    }
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.NODE_ADDED, MarketEvent.ROOM, MarketEvent.POD_CHANGED);
  }

  @Override
  public Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible) {
    return Optional.of(offer -> leastAllocated(pod, offer));
  }

  private static long leastAllocated(PodRequest pod, Offer offer) {
    long sum = 0;
    int counted = 0;
    Resources has = offer.allocatable();
    Resources given = offer.usage().scored();
    if (has.milliCpu() > 0) {
      sum += free(given.milliCpu() + pod.scoredRequests().milliCpu(), has.milliCpu());
      counted++;
    }
    if (has.memoryBytes() > 0) {
      sum += free(given.memoryBytes() + pod.scoredRequests().memoryBytes(), has.memoryBytes());
      counted++;
    }
    return counted == 0 ? 0 : sum / counted;
  }

  private static long free(long requested, long allocatable) {
    return requested > allocatable ? 0 : (allocatable - requested) * MAX / allocatable;
  }

  @Override
  public Basis basis() {
    return Basis.NODE;
  }
}
