package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import java.util.EnumSet;
import java.util.Set;

/**
 * Holds back pods with hard constraints that no filter judges yet, so that none is silently
 * ignored. It goes when the last of them is there.
 */
public final class UnsupportedConstraint implements Filter {
  @Override
  public String name() {
    return "UnsupportedConstraint";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    if (pod.unsupported().isEmpty()) {
      return new Prepared.Nothing();
    }
    String what = String.join(", ", pod.unsupported());
    return new Prepared.Refused(
        Refusal.incurable(name(), "this scheduler does not support " + what + " yet"));
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.POD_CHANGED);
  }
}
