package dev.ensemble.core.entity;

import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.validation.FieldError;
import java.time.Duration;
import java.util.List;

/**
 * Why a command was refused. A value, not a failure: the http module turns each case into a Status
 * in one place.
 */
public sealed interface Rejection {
  /** 404 NotFound. */
  record NotFound(ObjectKey key) implements Rejection {}

  /** 409 AlreadyExists. */
  record AlreadyExists(ObjectKey key) implements Rejection {}

  /** 409 Conflict: {@code why} follows "Operation cannot be fulfilled on …:". */
  record Conflict(ObjectKey key, String why) implements Rejection {
    /** Upstream's sentence for an update that lost the race (registry's OptimisticLockErrorMsg). */
    public static Conflict modified(ObjectKey key) {
      return new Conflict(
          key,
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
  }

  /** 422 Invalid. {@code kind} is the object's kind, for the message. */
  record Invalid(ObjectKey key, String kind, List<FieldError> errors) implements Rejection {
    public Invalid {
      errors = List.copyOf(errors);
    }
  }

  /** 403 Forbidden: {@code why} follows the name. */
  record Forbidden(ObjectKey key, String why) implements Rejection {}

  /** 400 BadRequest. */
  record BadRequest(String why) implements Rejection {}

  /** 410 Expired: the revision asked for is no longer held, or was never ours. */
  record Expired(String why) implements Rejection {}

  /** 429 TooManyRequests. */
  record TooManyRequests(String why, Duration retryAfter) implements Rejection {}

  /** 507: there is no room for more objects. Trying again does not help; deleting does. */
  record InsufficientStorage(String why) implements Rejection {}
}
