package dev.ensemble.loadtest.profile;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Stacks counted, each with a weight. Not for several threads. */
public final class Samples {
  private static final int STACK_FRAMES_MAX = 120;

  private final Map<Area, Long> areas = new EnumMap<>(Area.class);
  private final Map<Frame, Long> leaves = new HashMap<>();
  private final Map<String, Long> stacks = new HashMap<>();
  private long total;

  /** A part of all samples. */
  public record Share<T>(T what, double part) {}

  /**
   * Counts one sample.
   *
   * @param stack topmost frame first; an empty one is not counted
   */
  public void add(List<Frame> stack, long weight) {
    if (stack.isEmpty()) {
      return;
    }
    total += weight;
    areas.merge(Area.of(stack), weight, Long::sum);
    leaves.merge(stack.get(0), weight, Long::sum);
    stacks.merge(folded(stack), weight, Long::sum);
  }

  private static String folded(List<Frame> stack) {
    StringBuilder line = new StringBuilder();
    for (int i = Math.min(stack.size(), STACK_FRAMES_MAX) - 1; i >= 0; i--) {
      line.append(stack.get(i)).append(i == 0 ? "" : ";");
    }
    return line.toString();
  }

  public long total() {
    return total;
  }

  /** The areas that were met, greatest first. */
  public List<Share<Area>> areas() {
    return shares(areas, areas.size());
  }

  /** The topmost frames met most often. */
  public List<Share<Frame>> leaves(int max) {
    return shares(leaves, max);
  }

  /** All stacks, one a line, as flame graph tools read them. */
  public List<String> folded() {
    return stacks.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .sorted()
        .toList();
  }

  private <T> List<Share<T>> shares(Map<T, Long> counts, int max) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<T, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(entry -> entry.getKey().toString()))
        .limit(max)
        .map(entry -> new Share<>(entry.getKey(), (double) entry.getValue() / total))
        .collect(Collectors.toList());
  }
}
