package dev.ensemble.http.status;

import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.core.entity.Rejection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The one place that says what a rejection or an exception means to a client. */
public final class Failures {
  private Failures() {}

  public static StatusException of(Rejection rejection) {
    if (rejection instanceof Rejection.NotFound r) {
      return Statuses.notFound(r.key().resource(), r.key().name());
    }
    if (rejection instanceof Rejection.AlreadyExists r) {
      return Statuses.alreadyExists(r.key().resource(), r.key().name());
    }
    if (rejection instanceof Rejection.Conflict r) {
      return Statuses.conflict(r.key().resource(), r.key().name(), r.why());
    }
    if (rejection instanceof Rejection.Invalid r) {
      return Statuses.invalid(r.key().resource().group(), r.kind(), r.key().name(), r.errors());
    }
    if (rejection instanceof Rejection.Forbidden r) {
      return Statuses.forbidden(r.key().resource(), r.key().name(), r.why());
    }
    if (rejection instanceof Rejection.BadRequest r) {
      return Statuses.badRequest(r.why());
    }
    if (rejection instanceof Rejection.Expired r) {
      return Statuses.expired(r.why());
    }
    if (rejection instanceof Rejection.TooManyRequests r) {
      return Statuses.tooManyRequests(r.why(), r.retryAfter());
    }
    throw new IllegalStateException("a rejection that has no status: " + rejection);
  }

  /** Empty when the exception is a bug, which is logged and answered with 500. */
  public static Optional<StatusException> of(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof StatusException status) {
      return Optional.of(status);
    }
    if (cause instanceof RevisionExpiredException expired) {
      return Optional.of(Statuses.expired(expired.getMessage()));
    }
    if (cause instanceof StoreUnavailableException unavailable) {
      // Its message says that the outcome is unknown.
      return Optional.of(
          switch (unavailable.category()) {
            case TIMEOUT -> Statuses.timeout(unavailable.getMessage());
            case UNAVAILABLE -> Statuses.unavailable(unavailable.getMessage());
            case OVERLOADED ->
                Statuses.tooManyRequests(
                    "too many requests, please try again later", Duration.ofSeconds(1));
          });
    }
    return Optional.empty();
  }

  public static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
