package dev.ensemble.persistence.format;

/** How bytes are stored. The codes are in the journal and never change. */
public enum Form {
  /** As they are: JSON in UTF-8. */
  PLAIN(0),
  /** Sealed under the key of the object ({@code dev.ensemble.persistence.seal}). */
  SEALED(1);

  private final int code;

  Form(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The form with this code; an unknown one is a {@link FormatException}. */
  public static Form ofCode(int code) {
    return switch (code) {
      case 0 -> PLAIN;
      case 1 -> SEALED;
      default -> throw new FormatException("unknown form " + code);
    };
  }
}
