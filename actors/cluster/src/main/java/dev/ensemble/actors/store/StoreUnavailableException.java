package dev.ensemble.actors.store;

/**
 * Something outside failed: the journal, a ledger that is moving, a time limit. The category says
 * whether the outcome of a command is known.
 */
public final class StoreUnavailableException extends RuntimeException {
  private final Category category;

  public StoreUnavailableException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  public StoreUnavailableException(Category category, String message) {
    super(message);
    this.category = category;
  }

  public Category category() {
    return category;
  }

  public enum Category {
    /** No answer in time, the change may have been made: 504 Timeout. */
    TIMEOUT,
    /** The journal did not confirm, the change may have been made: 504 Timeout. */
    UNKNOWN,
    /** The journal takes no changes or cannot be read, nothing was done: 503 ServiceUnavailable. */
    UNAVAILABLE,
    /** Too much is under way, nothing was done: 429 TooManyRequests. */
    OVERLOADED
  }
}
