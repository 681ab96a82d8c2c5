package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.Taint;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A cordoned node takes only pods that tolerate being there all the same. */
public final class NodeUnschedulable implements Filter {
  private static final Taint CORDON =
      new Taint("node.kubernetes.io/unschedulable", "", Taint.Effect.NO_SCHEDULE);

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    if (pod.tolerates(CORDON)) {
      return new Prepared.Nothing();
    }
    Optional<Refusal> refusal =
        Optional.of(Refusal.incurable(name(), "node(s) were unschedulable"));
    return new Prepared.Check(offer -> offer.unschedulable() ? refusal : Optional.empty());
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.NODE_ADDED, MarketEvent.NODE_TAINTS, MarketEvent.POD_CHANGED);
  }
}
