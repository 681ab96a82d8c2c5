package dev.ensemble.agent.pod;

/** A container did not start; reason and message are those of its waiting state. */
final class StartFailure extends RuntimeException {
  private final String reason;
  private final String containerId;

  StartFailure(String reason, String message, String containerId) {
    super(message);
    this.reason = reason;
    this.containerId = containerId;
  }

  String reason() {
    return reason;
  }

  /** The container that was created, or empty. */
  String containerId() {
    return containerId;
  }
}
