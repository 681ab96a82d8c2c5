package dev.ensemble.core.scheduling;

import java.util.List;
import java.util.Optional;

/**
 * A preference of the scheduler, one small file each: from 0, the worst, to {@link #MAX}. Prepared
 * once for a pod; empty when it has nothing to prefer.
 */
public interface Score {
  long MAX = 100;

  /** Upstream's plugin name. */
  String name();

  /**
   * @param feasible the nodes that can do, which are to be compared
   */
  Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible);

  /** Whether a node can give its own live answer, or only a comparison of nodes can. */
  Basis basis();

  /** The preference for one pod. */
  @FunctionalInterface
  interface Scorer {
    long score(Offer offer);

    /** Brings the scores of all nodes that can do to 0…{@link Score#MAX}, in place. */
    default void normalize(long[] scores) {}
  }

  /** Scales so that the largest becomes {@link #MAX} (upstream's DefaultNormalizeScore). */
  static void scale(long[] scores) {
    long max = max(scores);
    for (int i = 0; max > 0 && i < scores.length; i++) {
      scores[i] = MAX * scores[i] / max;
    }
  }

  /** Scales so that the largest becomes 0: for scores that count what is bad. */
  static void scaleReversed(long[] scores) {
    long max = max(scores);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = max == 0 ? MAX : MAX - MAX * scores[i] / max;
    }
  }

  private static long max(long[] scores) {
    long max = 0;
    for (long score : scores) {
      max = Math.max(max, score);
    }
    return max;
  }
}
