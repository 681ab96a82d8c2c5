package dev.ensemble.core.scheduling;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The filters in the order in which they are asked, the scores with their weights, and how many
 * nodes are compared.
 */
public record Profile(List<Filter> filters, List<Weighted> scores, Search search) {
  public Profile {
    filters = List.copyOf(filters);
    scores = List.copyOf(scores);
  }

  public record Weighted(Score score, long weight) {}

  /** What can help a pod that the named filters refused; with none named, a new node. */
  public Set<MarketEvent> helpedBy(Collection<String> plugins) {
    if (plugins.isEmpty()) {
      return EnumSet.of(MarketEvent.NODE_ADDED);
    }
    Set<MarketEvent> events = EnumSet.noneOf(MarketEvent.class);
    for (Filter filter : filters) {
      if (plugins.contains(filter.name())) {
        events.addAll(filter.helpedBy());
      }
    }
    return events;
  }
}
