package dev.ensemble.core.decode;

/** A value that is not of its field's type. Never leaves this package. */
final class UnreadableFieldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableFieldException(String message) {
    super(message, null, false, false);
  }
}
