package dev.ensemble.agent.core.probe;

import java.util.Optional;

/** Counts results in a row; the verdict changes when a threshold is reached. */
public record ProbeTally(boolean lastSuccess, int inARow, Optional<Boolean> verdict) {
  public static final ProbeTally NONE = new ProbeTally(false, 0, Optional.empty());

  public ProbeTally count(ProbeSpec spec, ProbeResult result) {
    int row = result.success() == lastSuccess ? inARow + 1 : 1;
    int threshold = result.success() ? spec.successThreshold() : spec.failureThreshold();
    Optional<Boolean> next = row >= threshold ? Optional.of(result.success()) : verdict;
    return new ProbeTally(result.success(), row, next);
  }
}
