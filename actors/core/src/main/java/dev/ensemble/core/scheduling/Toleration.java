package dev.ensemble.core.scheduling;

import java.util.Optional;

/**
 * A pod's toleration. An empty key with {@link Operator#EXISTS} tolerates every key; an empty
 * effect every effect.
 */
public record Toleration(
    String key, Operator operator, String value, Optional<Taint.Effect> effect) {

  public enum Operator {
    EQUAL,
    EXISTS,
    /** An operator that is behind a feature gate upstream (Lt, Gt): tolerates nothing. */
    GATED
  }

  public boolean tolerates(Taint taint) {
    if (effect.isPresent() && effect.get() != taint.effect()) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.key())) {
      return false;
    }
    return switch (operator) {
      case EXISTS -> true;
      case EQUAL -> value.equals(taint.value());
      case GATED -> false;
    };
  }
}
