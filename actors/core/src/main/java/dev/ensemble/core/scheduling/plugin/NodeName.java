package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A pod that names its node goes there or nowhere. */
public final class NodeName implements Filter {
  @Override
  public String name() {
    return "NodeName";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    if (pod.nodeName().isEmpty()) {
      return new Prepared.Nothing();
    }
    Optional<Refusal> refusal =
        Optional.of(Refusal.incurable(name(), "node(s) didn't match the requested node name"));
    return new Prepared.Check(
        offer -> offer.node().equals(pod.nodeName()) ? Optional.empty() : refusal);
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.NODE_ADDED);
  }
}
