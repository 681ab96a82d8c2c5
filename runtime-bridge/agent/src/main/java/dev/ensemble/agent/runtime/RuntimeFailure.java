package dev.ensemble.agent.runtime;

/** The runtime did not do what it was asked for. */
public final class RuntimeFailure extends RuntimeException {
  private final Category category;

  public RuntimeFailure(Category category, String message) {
    super(message);
    this.category = category;
  }

  public Category category() {
    return category;
  }

  /** What the caller can do about it. */
  public enum Category {
    /** There is no such container, sandbox or image. */
    NOT_FOUND,
    /** The name is still reserved: raise the attempt. */
    NAME_RESERVED,
    /** It took too long; it may still happen. */
    TIMEOUT,
    /** The runtime does not answer: wait for it. */
    UNAVAILABLE,
    /** It was refused or failed; the message says why. */
    REFUSED
  }
}
