package dev.ensemble.agent.pod;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets a start be given up while it waits for an image: a deletion does not wait for a pull. */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class StartTicket {
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

  void cancel() {
    cancelled.complete(null);
  }

  boolean isCancelled() {
    return cancelled.isDone();
  }

  /** The stage, or a failure as soon as the ticket is cancelled. */
  <T> CompletionStage<T> whileValid(CompletionStage<T> stage) {
    CompletableFuture<T> result = new CompletableFuture<>();
    stage.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            result.completeExceptionally(failure);
          } else {
            result.complete(value);
          }
        });
    cancelled.thenRun(
        () -> result.completeExceptionally(new StartFailure("ContainerCreating", "", "")));
    return result;
  }
}
