package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import java.util.EnumSet;
import java.util.Set;

/** Holds back pods whose scheduling gates are not all removed (KEP-3521). */
public final class SchedulingGates implements Filter {
  @Override
  public String name() {
    return "SchedulingGates";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    if (pod.schedulingGates().isEmpty()) {
      return new Prepared.Nothing();
    }
    String gates = String.join(" ", pod.schedulingGates());
    return new Prepared.Refused(
        Refusal.incurable(name(), "waiting for scheduling gates: [" + gates + "]"));
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.POD_CHANGED);
  }
}
