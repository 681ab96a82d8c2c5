package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.HostPort;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Two pods cannot take one port of a node. */
public final class NodePorts implements Filter {
  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    if (pod.hostPorts().isEmpty()) {
      return new Prepared.Nothing();
    }
    Optional<Refusal> refusal =
        Optional.of(
            Refusal.curable(name(), "node(s) didn't have free ports for the requested pod ports"));
    return new Prepared.Check(offer -> conflict(pod, offer) ? refusal : Optional.empty());
  }

  private static boolean conflict(PodRequest pod, Offer offer) {
    for (HostPort wanted : pod.hostPorts()) {
      for (HostPort taken : offer.usage().hostPorts()) {
        if (wanted.conflictsWith(taken)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.NODE_ADDED, MarketEvent.ROOM);
  }
}
