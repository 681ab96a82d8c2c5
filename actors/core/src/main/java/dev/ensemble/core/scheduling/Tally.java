package dev.ensemble.core.scheduling;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A count of pods by node, and by place for each topology key that is asked for. Sums by place are
 * made when they are first wanted and then kept up to date.
 */
public final class Tally {
  private final Map<String, Integer> byNode = new HashMap<>();
  private final Map<String, Map<String, Integer>> byPlace = new HashMap<>();

  /** The labels of a node that has an offer; null for others, which are in no place. */
  private final Function<String, Map<String, String>> labels;

  Tally(Function<String, Map<String, String>> labels) {
    this.labels = labels;
  }

  void add(String node, int by) {
    merge(byNode, node, by);
    if (byPlace.isEmpty()) {
      return;
    }
    Map<String, String> here = labels.apply(node);
    if (here != null) {
      byPlace.forEach((key, sums) -> addToPlace(sums, here.get(key), by));
    }
  }

  /** The node came, went or has other labels. */
  void nodeChanged(String node) {
    if (byNode.containsKey(node)) {
      byPlace.clear();
    }
  }

  boolean isEmpty() {
    return byNode.isEmpty();
  }

  public int onNode(String node) {
    return byNode.getOrDefault(node, 0);
  }

  /** Counts by the values of a topology key; places with none are missing. Not to be changed. */
  public Map<String, Integer> byPlace(String topologyKey) {
    return byPlace.computeIfAbsent(topologyKey, this::sums);
  }

  private Map<String, Integer> sums(String topologyKey) {
    Map<String, Integer> sums = new HashMap<>();
    byNode.forEach(
        (node, count) -> {
          Map<String, String> here = labels.apply(node);
          if (here != null) {
            addToPlace(sums, here.get(topologyKey), count);
          }
        });
    return sums;
  }

  private static void addToPlace(Map<String, Integer> sums, String place, int by) {
    if (place != null) {
      merge(sums, place, by);
    }
  }

  private static void merge(Map<String, Integer> counts, String key, int by) {
    counts.merge(key, by, (a, b) -> a + b == 0 ? null : a + b);
  }
}
