package dev.ensemble.persistence.seal;

/** Something cannot be sealed or unsealed; the message never holds any of it. */
public class SealException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SealException(String message) {
    super(message);
  }

  public SealException(String message, Throwable cause) {
    super(message, cause);
  }
}
