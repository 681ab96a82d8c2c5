package dev.ensemble.core.scheduling;

import java.util.HashMap;
import java.util.Map;

/** How many nodes there are in each place, by topology key. Not safe for several threads. */
public final class Topology {
  private final Map<String, Map<String, Integer>> places = new HashMap<>();
  private final Map<String, Integer> nodes = new HashMap<>();

  void count(Map<String, String> labels, int by) {
    labels.forEach(
        (key, value) -> {
          nodes.merge(key, by, Topology::orNone);
          Map<String, Integer> values = places.computeIfAbsent(key, k -> new HashMap<>());
          values.merge(value, by, Topology::orNone);
          if (values.isEmpty()) {
            places.remove(key);
          }
        });
  }

  /** The number of nodes by value of the key. Not to be changed. */
  public Map<String, Integer> places(String key) {
    return places.getOrDefault(key, Map.of());
  }

  /** How many nodes have the label. */
  public int nodesWith(String key) {
    return nodes.getOrDefault(key, 0);
  }

  private static Integer orNone(int a, int b) {
    return a + b == 0 ? null : a + b;
  }
}
