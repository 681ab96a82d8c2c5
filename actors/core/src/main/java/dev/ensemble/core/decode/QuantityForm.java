package dev.ensemble.core.decode;

import java.util.Optional;

/** The one way to write a resource quantity. */
@FunctionalInterface
public interface QuantityForm {

  /** The canonical form, such as {@code 500m} for {@code 0.5}; empty if it is no quantity. */
  Optional<String> canonical(String quantity);
}
