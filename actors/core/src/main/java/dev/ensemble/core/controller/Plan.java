package dev.ensemble.core.controller;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a pass decided.
 *
 * @param actions in the order in which to carry them out; empty when all is as it should be
 * @param again when time alone will change the answer, how long until then
 */
public record Plan(List<Action> actions, Optional<Duration> again) {
  public static final Plan NOTHING = new Plan(List.of(), Optional.empty());

  public Plan {
    actions = List.copyOf(actions);
  }

  public static Plan of(List<Action> actions) {
    return new Plan(actions, Optional.empty());
  }

  /** The sooner of two times to look again. */
  public static Optional<Duration> sooner(Optional<Duration> one, Optional<Duration> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isPresent() ? one : other;
    }
    return one.get().compareTo(other.get()) <= 0 ? one : other;
  }
}
