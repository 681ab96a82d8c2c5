package dev.ensemble.http.server;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Ends what takes too long with a TimeoutException. Looked at now and then, because a timer for
 * each request, set and cancelled, costs more than the requests' own handling.
 */
final class Deadlines {
  private static final Duration LOOK_MIN = Duration.ofMillis(10);
  private static final Duration LOOK_MAX = Duration.ofSeconds(1);
  private static final int LOOKS = 20;

  private final Duration timeout;
  private final LongSupplier nanoClock;
  private final Set<Bounded<?>> underWay = ConcurrentHashMap.newKeySet();

  /**
   * Bounds by one time.
   *
   * @param nanoClock as System.nanoTime
   */
  Deadlines(Duration timeout, LongSupplier nanoClock) {
    this.timeout = timeout;
    this.nanoClock = nanoClock;
  }

  private static final class Bounded<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final long startNanos;

    private Bounded(long startNanos) {
      this.startNanos = startNanos;
    }
  }

  /** How often {@link #look} is to be called: what is late is found this much later. */
  Duration interval() {
    Duration interval = timeout.dividedBy(LOOKS);
    if (interval.compareTo(LOOK_MIN) < 0) {
      return LOOK_MIN;
    }
    return interval.compareTo(LOOK_MAX) > 0 ? LOOK_MAX : interval;
  }

  /** Completes as the given one does, or fails when that is late. */
  <T> CompletionStage<T> bound(CompletionStage<T> work) {
    if (work.toCompletableFuture().isDone()) {
      return work;
    }
    Bounded<T> bounded = new Bounded<>(nanoClock.getAsLong());
    underWay.add(bounded);
    work.whenComplete(
        (value, failure) -> {
          underWay.remove(bounded);
          if (failure == null) {
            bounded.result.complete(value);
          } else {
            bounded.result.completeExceptionally(failure);
          }
        });
    return bounded.result;
  }

  /** Ends what is late. */
  void look() {
    long now = nanoClock.getAsLong();
    List<Bounded<?>> late =
        underWay.stream()
            .filter(bounded -> now - bounded.startNanos >= timeout.toNanos())
            .collect(Collectors.toList());
    late.forEach(underWay::remove);
    late.forEach(
        bounded -> bounded.result.completeExceptionally(new TimeoutException("took " + timeout)));
  }

  /** What is being waited for. */
  int count() {
    return underWay.size();
  }
}
