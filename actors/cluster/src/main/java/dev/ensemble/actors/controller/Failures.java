package dev.ensemble.actors.controller;

import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Rejections and failures in the words that upstream's Events and conditions have for them. */
final class Failures {
  private Failures() {}

  static String words(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  static String words(ObjectKey key, Rejection rejection) {
    String named = key.resource() + " \"" + key.name() + "\"";
    if (rejection instanceof Rejection.NotFound) {
      return named + " not found";
    }
    if (rejection instanceof Rejection.AlreadyExists) {
      return named + " already exists";
    }
    if (rejection instanceof Rejection.Conflict conflict) {
      return "Operation cannot be fulfilled on " + named + ": " + conflict.why();
    }
    if (rejection instanceof Rejection.Invalid invalid) {
      String errors =
          invalid.errors().stream().map(Object::toString).collect(Collectors.joining(", "));
      return invalid.kind() + " \"" + key.name() + "\" is invalid: " + errors;
    }
    if (rejection instanceof Rejection.Forbidden forbidden) {
      return named + " is forbidden: " + forbidden.why();
    }
    if (rejection instanceof Rejection.BadRequest bad) {
      return bad.why();
    }
    if (rejection instanceof Rejection.Expired expired) {
      return expired.why();
    }
    if (rejection instanceof Rejection.InsufficientStorage full) {
      return full.why();
    }
    return ((Rejection.TooManyRequests) rejection).why();
  }
}
