package dev.ensemble.core.controller.replicaset;

import dev.ensemble.core.controller.PodFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;

/**
 * Which pods of a ReplicaSet go first when there are too many: those least missed. Ages are
 * compared by order of magnitude (KEP-2185), so that a rollout does not always take the newest.
 */
final class DeletionOrder {
  private DeletionOrder() {}

  /**
   * @param activeOnNode how many active pods of the same owner each node has: of doubled-up pods
   *     one goes first
   */
  static Comparator<PodFacts> at(Instant now, Map<String, Integer> activeOnNode) {
    return Comparator.comparing((PodFacts pod) -> !pod.node().isEmpty())
        .thenComparing(pod -> phaseRank(pod.phase()))
        .thenComparing(PodFacts::ready)
        .thenComparing(PodFacts::deletionCost)
        .thenComparing(pod -> -activeOnNode.getOrDefault(pod.node(), 0))
        .thenComparing(pod -> pod.readySince().map(since -> magnitude(since, now)).orElse(0))
        .thenComparing(pod -> -pod.restarts())
        .thenComparing(pod -> magnitude(pod.meta().created(), now))
        .thenComparing(pod -> pod.meta().uid());
  }

  private static int phaseRank(String phase) {
    return switch (phase) {
      case "Pending" -> 0;
      case "Running" -> 2;
      default -> 1;
    };
  }

  /** The binary logarithm of an age in nanoseconds, -1 for what is not in the past. */
  private static int magnitude(Instant since, Instant now) {
    if (!since.isBefore(now)) {
      return -1;
    }
    Duration age = Duration.between(since, now);
    // Ages beyond 292 years do not fit; the absent time (the epoch) is far below that.
    return 63 - Long.numberOfLeadingZeros(age.toNanos());
  }
}
