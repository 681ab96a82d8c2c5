package dev.ensemble.http.protobuf;

/** A body that is not what it says; the message is fit for a Status with 400. */
public final class InvalidProtobufException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidProtobufException(String message) {
    super(message);
  }
}
