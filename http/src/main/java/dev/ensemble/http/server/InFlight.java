package dev.ensemble.http.server;

import dev.ensemble.http.server.ApiSettings.Places;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the requests that are being served, reads and writes apart. A request that finds no place
 * waits for one; places go round the users who wait, so one with a thousand requests does not keep
 * out one with a single request. Watches and streams are not counted.
 */
final class InFlight {
  private static final CompletionStage<Void> AT_ONCE = CompletableFuture.completedStage(null);
  private final Places limits;
  private final Executor executor;

  // Guarded by this. Nobody waits while there is a place; no queue is empty.
  private final Map<String, ArrayDeque<CompletableFuture<Void>>> waiting = new LinkedHashMap<>();
  private int waitingCount;
  private int serving;

  /**
   * @param executor runs what waited, when its turn comes
   */
  InFlight(Places limits, Executor executor) {
    this.limits = limits;
    this.executor = executor;
  }

  /** Completes with a place, which is to be given back; or fails with 429. */
  CompletionStage<Void> enter(String user) {
    CompletableFuture<Void> turn;
    synchronized (this) {
      if (serving < limits.servedMax()) {
        serving++;
        return AT_ONCE;
      }
      if (waitingCount >= limits.waitingMax()) {
        return CompletableFuture.failedStage(tooMany());
      }
      turn = new CompletableFuture<>();
      waiting.computeIfAbsent(user, name -> new ArrayDeque<>()).addLast(turn);
      waitingCount++;
    }
    return turn.orTimeout(limits.waitMax().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            late -> {
              forget(user, turn);
              return CompletableFuture.failedStage(tooMany());
            });
  }

  private static StatusException tooMany() {
    return Statuses.tooManyRequests(
        "Too many requests, please try again later.", Duration.ofSeconds(1));
  }

  /** Gives a place back: to whoever is next. */
  void leave() {
    CompletableFuture<Void> next;
    synchronized (this) {
      if (waitingCount == 0) {
        serving--;
        return;
      }
      next = poll();
    }
    // Not here: what is served at once would leave here again, and so on, on one stack.
    executor.execute(
        () -> {
          if (!next.complete(null)) {
            leave();
          }
        });
  }

  /** The oldest request of the user whose turn it is, who then stands behind the others. */
  private CompletableFuture<Void> poll() {
    Iterator<Map.Entry<String, ArrayDeque<CompletableFuture<Void>>>> users =
        waiting.entrySet().iterator();
    Map.Entry<String, ArrayDeque<CompletableFuture<Void>>> user = users.next();
    users.remove();
    CompletableFuture<Void> turn = user.getValue().removeFirst();
    if (!user.getValue().isEmpty()) {
      waiting.put(user.getKey(), user.getValue());
    }
    waitingCount--;
    return turn;
  }

  private synchronized void forget(String user, CompletableFuture<Void> turn) {
    ArrayDeque<CompletableFuture<Void>> queue = waiting.get(user);
    if (queue != null && queue.removeIf(other -> other == turn)) {
      waitingCount--;
      if (queue.isEmpty()) {
        waiting.remove(user);
      }
    }
  }

  synchronized int count() {
    return serving;
  }

  synchronized int waiting() {
    return waitingCount;
  }
}
