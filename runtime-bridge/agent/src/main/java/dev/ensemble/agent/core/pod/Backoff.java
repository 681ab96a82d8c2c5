package dev.ensemble.agent.core.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A delay that doubles with each use, from 10 s to 5 min, and is forgotten after twice the maximum
 * without trouble: the kubelet's rule for crashed containers and failed pulls.
 */
public record Backoff(Duration delay, Instant usedAt) {
  public static final Duration INITIAL = Duration.ofSeconds(10);
  public static final Duration MAX = Duration.ofMinutes(5);

  /** When the next try is allowed after trouble at {@code trouble}; empty: at once. */
  public static Optional<Instant> until(Optional<Backoff> backoff, Instant trouble, Instant now) {
    return backoff
        .filter(b -> !b.forgottenAt(trouble))
        .map(b -> trouble.plus(b.delay))
        .filter(allowed -> allowed.isAfter(now));
  }

  /** The backoff after another try. */
  public static Backoff next(Optional<Backoff> backoff, Instant trouble, Instant now) {
    return backoff
        .filter(b -> !b.forgottenAt(trouble))
        .map(b -> new Backoff(doubled(b.delay), now))
        .orElse(new Backoff(INITIAL, now));
  }

  private boolean forgottenAt(Instant trouble) {
    return Duration.between(usedAt, trouble).compareTo(MAX.multipliedBy(2)) > 0;
  }

  private static Duration doubled(Duration delay) {
    Duration twice = delay.multipliedBy(2);
    return twice.compareTo(MAX) > 0 ? MAX : twice;
  }
}
