package dev.ensemble.core.scheduling;

import java.util.List;

/**
 * Why a node (or every node) is not for a pod.
 *
 * @param plugin the filter that says so
 * @param reasons upstream's reasons, one or more
 * @param remedy whether ending other pods on the node could change the answer
 */
public record Refusal(String plugin, List<String> reasons, Remedy remedy) {
  public Refusal {
    reasons = List.copyOf(reasons);
  }

  public static Refusal curable(String plugin, String... reasons) {
    return new Refusal(plugin, List.of(reasons), Remedy.PREEMPTION);
  }

  public static Refusal incurable(String plugin, String... reasons) {
    return new Refusal(plugin, List.of(reasons), Remedy.NONE);
  }

  public enum Remedy {
    PREEMPTION,
    NONE
  }
}
