package dev.ensemble.agent.cri;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import dev.ensemble.agent.runtime.RuntimeFailure;
import dev.ensemble.agent.runtime.RuntimeFailure.Category;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Turns gRPC's futures into stages and its errors into failures: the only place that knows both.
 */
final class CriCalls {
  private static final Executor DIRECT = Runnable::run;

  private CriCalls() {}

  static <T> CompletionStage<T> stage(ListenableFuture<T> future) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    Futures.addCallback(
        future,
        new FutureCallback<T>() {
          @Override
          public void onSuccess(T value) {
            stage.complete(value);
          }

          @Override
          public void onFailure(Throwable failure) {
            stage.completeExceptionally(failure(failure));
          }
        },
        DIRECT);
    return stage;
  }

  /** Success too when what was to be removed is not there. */
  static <T> CompletionStage<Void> absentIsFine(CompletionStage<T> stage) {
    return stage.handle(
        (value, failure) -> {
          if (failure != null && !isNotFound(failure)) {
            throw new CompletionException(cause(failure));
          }
          return null;
        });
  }

  /** All of them, in order; those that are gone meanwhile are left out. */
  static <A, B> CompletionStage<List<B>> each(
      List<A> inputs, Function<A, CompletionStage<B>> call) {
    List<CompletableFuture<List<B>>> calls =
        inputs.stream()
            .map(
                input ->
                    call.apply(input)
                        .handle(
                            (value, failure) -> {
                              if (failure == null) {
                                return List.of(value);
                              }
                              if (isNotFound(failure)) {
                                return List.<B>of();
                              }
                              throw new CompletionException(cause(failure));
                            })
                        .toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .thenApply(
            nothing -> {
              List<B> results = new ArrayList<>();
              calls.forEach(done -> results.addAll(done.join()));
              return results;
            });
  }

  static boolean isNotFound(Throwable failure) {
    return cause(failure) instanceof RuntimeFailure runtime
        && runtime.category() == Category.NOT_FOUND;
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static RuntimeFailure failure(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    String message = status.getDescription() == null ? status.toString() : status.getDescription();
    RuntimeFailure mapped = new RuntimeFailure(category(status, message), message);
    mapped.initCause(failure);
    return mapped;
  }

  private static Category category(Status status, String message) {
    return switch (status.getCode()) {
      case NOT_FOUND -> Category.NOT_FOUND;
      case DEADLINE_EXCEEDED -> Category.TIMEOUT;
      case UNAVAILABLE, CANCELLED -> Category.UNAVAILABLE;
      default -> message.contains("is reserved for") ? Category.NAME_RESERVED : Category.REFUSED;
    };
  }
}
