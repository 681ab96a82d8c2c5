package dev.ensemble.core.quantity;

/** Text that is no quantity. */
public final class QuantityFormatException extends IllegalArgumentException {
  QuantityFormatException(String message) {
    super(message);
  }
}
