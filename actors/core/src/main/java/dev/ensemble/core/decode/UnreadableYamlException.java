package dev.ensemble.core.decode;

/** A body that is not YAML, or more of it than is taken. Never leaves this package. */
final class UnreadableYamlException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableYamlException(String message) {
    super(message, null, false, false);
  }
}
