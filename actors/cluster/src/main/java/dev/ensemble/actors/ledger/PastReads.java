package dev.ensemble.actors.ledger;

import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.actors.store.StoreUnavailableException.Category;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.ledger.LedgerException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What all readers of the past in this process share: a few threads of their own, because a read
 * waits for the store step by step, and objects as they were.
 */
final class PastReads {
  private static final Duration IDLE_MAX = Duration.ofSeconds(10);

  /** The store has time limits of its own; this ends what would wait for ever. */
  private static final Duration STORE_MAX = Duration.ofSeconds(30);

  private final ThreadPoolExecutor threads;
  private final long cachedBytesMax;

  // Guarded by itself. What an object was after an event never changes.
  private final LinkedHashMap<EventId, PastState> cache = new LinkedHashMap<>(256, 0.75f, true);
  private long cachedBytes;

  PastReads(LedgerSettings.Past settings) {
    cachedBytesMax = settings.cachedBytesMax();
    threads =
        new ThreadPoolExecutor(
            settings.readersMax(),
            settings.readersMax(),
            IDLE_MAX.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(settings.waitingMax()),
            task -> {
              Thread thread = new Thread(task, "ledger-past");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Runs a read when its turn comes; fails with OVERLOADED when too many wait. */
  <T> CompletionStage<T> run(Supplier<T> read) {
    try {
      return CompletableFuture.supplyAsync(read, threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new StoreUnavailableException(
              Category.OVERLOADED, "too many reads of past revisions wait", e));
    }
  }

  /** Waits for the store, on a thread of {@link #run}. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(STORE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (TimeoutException e) {
      throw new StoreUnavailableException(Category.UNAVAILABLE, "the store does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(Category.UNAVAILABLE, "interrupted", e);
    }
  }

  private static RuntimeException failure(Throwable cause) {
    if (cause instanceof LedgerException) {
      return new StoreUnavailableException(
          Category.UNAVAILABLE, "the journal cannot be read now", cause);
    }
    return cause instanceof RuntimeException known ? known : new CompletionException(cause);
  }

  Optional<PastState> cached(EventId event) {
    synchronized (cache) {
      return Optional.ofNullable(cache.get(event));
    }
  }

  void keep(EventId event, PastState state) {
    synchronized (cache) {
      PastState old = cache.put(event, state);
      cachedBytes += state.bytes() - (old == null ? 0 : old.bytes());
      for (var eldest = cache.entrySet().iterator();
          cachedBytes > cachedBytesMax && eldest.hasNext(); ) {
        Map.Entry<EventId, PastState> dropped = eldest.next();
        cachedBytes -= dropped.getValue().bytes();
        eldest.remove();
      }
    }
  }
}
