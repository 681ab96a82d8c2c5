package dev.ensemble.persistence.ledger;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Loops over asynchronous steps. */
final class Stages {
  private Stages() {}

  /**
   * Runs {@code step} again and again until it says false. Steps that are complete at once do not
   * deepen the stack.
   */
  static CompletionStage<Void> repeat(Supplier<CompletionStage<Boolean>> step) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    repeat(step, done);
    return done;
  }

  private static void repeat(
      Supplier<CompletionStage<Boolean>> step, CompletableFuture<Void> done) {
    while (true) {
      CompletionStage<Boolean> stage;
      try {
        stage = step.get();
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
        return;
      }
      CompletableFuture<Boolean> result = stage.toCompletableFuture();
      if (!result.isDone()) {
        stage.whenComplete(
            (again, failure) -> {
              if (failure != null) {
                done.completeExceptionally(cause(failure));
              } else if (again) {
                repeat(step, done);
              } else {
                done.complete(null);
              }
            });
        return;
      }
      try {
        if (!result.join()) {
          done.complete(null);
          return;
        }
      } catch (RuntimeException e) {
        done.completeExceptionally(cause(e));
        return;
      }
    }
  }

  /** The stage that {@code work} returns, or a failed one when it throws. */
  static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Runs {@code work} for all items, {@code width} at a time; the first failure ends it. */
  static <T> CompletionStage<Void> forEach(
      Iterable<T> items, int width, Function<T, CompletionStage<Void>> work) {
    Iterator<T> rest = items.iterator();
    CompletableFuture<Void> done = new CompletableFuture<>();
    AtomicInteger lanes = new AtomicInteger(width);
    for (int lane = 0; lane < width; lane++) {
      repeat(
              () -> {
                T item;
                synchronized (rest) {
                  if (done.isDone() || !rest.hasNext()) {
                    return CompletableFuture.completedFuture(false);
                  }
                  item = rest.next();
                }
                return work.apply(item).thenApply(nothing -> true);
              })
          .whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  done.completeExceptionally(cause(failure));
                } else if (lanes.decrementAndGet() == 0) {
                  done.complete(null);
                }
              });
    }
    return done;
  }

  /** What went wrong, without the wrappers of CompletableFuture. */
  static Throwable cause(Throwable failure) {
    Throwable inner = failure;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
