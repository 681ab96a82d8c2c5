package dev.ensemble.agent.stream;

/** A stream cannot be opened; the code is an HTTP status. */
final class StreamRefusal extends RuntimeException {
  private final int code;

  StreamRefusal(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
