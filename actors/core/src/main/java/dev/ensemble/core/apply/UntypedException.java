package dev.ensemble.core.apply;

/** A value does not fit its schema. Never leaves the package. */
final class UntypedException extends RuntimeException {
  UntypedException(String message) {
    super(message);
  }
}
