package dev.ensemble.persistence.format;

/** Stored bytes are not what the format says: damaged, cut short, or of a newer version. */
public class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
