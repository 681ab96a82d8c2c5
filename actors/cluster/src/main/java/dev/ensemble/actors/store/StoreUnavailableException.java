package dev.ensemble.actors.store;

/**
 * Something outside failed: the journal, a ledger that is moving, a time limit. The outcome of a
 * command is unknown.
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
    /** No answer in time: 504 Timeout. */
    TIMEOUT,
    /** The journal refuses or cannot be reached: 503 ServiceUnavailable. */
    UNAVAILABLE,
    /** Too much is under way: 429 TooManyRequests. */
    OVERLOADED
  }
}
