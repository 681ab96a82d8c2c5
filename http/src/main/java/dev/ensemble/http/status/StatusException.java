package dev.ensemble.http.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request that is answered with a Status. Thrown where a request is refused; it is an answer and
 * not a fault, so it has no stack trace.
 */
public final class StatusException extends RuntimeException {
  private final transient ObjectNode status;

  public StatusException(ObjectNode status) {
    super(status.path("message").asText(), null, false, false);
    this.status = status;
  }

  /** The Status, the receiver's to change. */
  public ObjectNode status() {
    return status.deepCopy();
  }

  public int code() {
    return status.path("code").asInt();
  }

  public String reason() {
    return status.path("reason").asText();
  }
}
