package dev.ensemble.core.patch;

/** A patch that cannot be applied. Its {@link Kind} says what upstream answers. */
public final class PatchException extends RuntimeException {
  private final Kind kind;

  public PatchException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** How a patch is wrong, and the status code that upstream answers with. */
  public enum Kind {
    /** Not a patch: 400 BadRequest. */
    MALFORMED,
    /** More operations than allowed: 413 RequestEntityTooLarge. */
    TOO_LARGE,
    /** A patch that does not fit the object: 422, reason Invalid, no causes. */
    UNPROCESSABLE,
    /**
     * What upstream has no case for and answers with 500 InternalError, though the client is at
     * fault: a list element without its merge key, elements of mixed types, an unknown directive, a
     * field that the kind does not have.
     */
    UNFORESEEN
  }
}
