package dev.ensemble.core.controller;

import java.time.Instant;

/**
 * The last thing that a control loop tried and did not get. Until {@code retryAt} a pass does not
 * try that again, but goes on with the rest and says so in the status.
 */
public record Setback(Attempt attempt, String message, Instant at, Instant retryAt) {
  public enum Attempt {
    CREATE,
    DELETE,
    OTHER
  }

  public boolean holdsBack(Attempt wanted, Instant now) {
    return attempt == wanted && now.isBefore(retryAt);
  }
}
