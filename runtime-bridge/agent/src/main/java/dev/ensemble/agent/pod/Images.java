package dev.ensemble.agent.pod;

import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.observe.AgentMetrics.Outcome;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.PodRuntime.RegistryLogin;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Pulls each image once, however many containers wait for it, and a few at a time: further ones
 * wait in order, so that one pod's images do not keep all others from the registry.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class Images {
  private final Puller puller;
  private final Function<String, CompletionStage<Optional<ImageState>>> finder;
  private final int pullsMax;
  private final AgentMetrics metrics;
  private final Map<Wanted, CompletableFuture<Pulled>> pulls = new ConcurrentHashMap<>();

  // Guarded by itself.
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int underWay;

  /** Containers share a pull only when they would log in alike. */
  private record Wanted(String reference, List<RegistryLogin> logins) {}

  /** An image and how long its pull took, without the wait for its turn. */
  record Pulled(ImageState image, Duration took) {}

  /** Pulls one image; answers its id. */
  interface Puller {
    CompletionStage<String> pull(String reference, Optional<RegistryLogin> login);
  }

  Images(
      Puller puller,
      Function<String, CompletionStage<Optional<ImageState>>> finder,
      int pullsMax,
      AgentMetrics metrics) {
    this.puller = puller;
    this.finder = finder;
    this.pullsMax = pullsMax;
    this.metrics = metrics;
  }

  CompletionStage<Optional<ImageState>> find(String reference) {
    return finder.apply(reference);
  }

  /**
   * @param logins tried in order until one is let in; none: without any
   */
  CompletionStage<Pulled> pull(String reference, List<RegistryLogin> logins) {
    Wanted wanted = new Wanted(reference, List.copyOf(logins));
    CompletableFuture<Pulled> mine = new CompletableFuture<>();
    CompletableFuture<Pulled> other = pulls.putIfAbsent(wanted, mine);
    if (other != null) {
      return other;
    }
    long asked = System.nanoTime();
    mine.whenComplete(
        (pulled, failure) ->
            metrics.pulled(failure == null ? Outcome.SUCCESSFUL : Outcome.FAILED, since(asked)));
    inTurn(
        () -> {
          long begun = System.nanoTime();
          pullWithAny(reference, wanted.logins())
              .thenCompose(finder)
              .whenComplete(
                  (image, failure) -> {
                    pulls.remove(wanted);
                    turnOver();
                    if (failure != null) {
                      mine.completeExceptionally(failure);
                    } else if (image.isEmpty()) {
                      mine.completeExceptionally(
                          new IllegalStateException(
                              "image " + reference + " is gone after its pull"));
                    } else {
                      mine.complete(new Pulled(image.get(), since(begun)));
                    }
                  });
        });
    return mine;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private CompletionStage<String> pullWithAny(String reference, List<RegistryLogin> logins) {
    if (logins.isEmpty()) {
      return puller.pull(reference, Optional.empty());
    }
    CompletionStage<String> pulled = puller.pull(reference, Optional.of(logins.get(0)));
    for (RegistryLogin next : logins.subList(1, logins.size())) {
      pulled = pulled.exceptionallyCompose(failure -> puller.pull(reference, Optional.of(next)));
    }
    return pulled;
  }

  private void inTurn(Runnable pull) {
    synchronized (waiting) {
      if (underWay >= pullsMax) {
        waiting.add(pull);
        return;
      }
      underWay++;
    }
    pull.run();
  }

  private void turnOver() {
    Optional<Runnable> next;
    synchronized (waiting) {
      next = Optional.ofNullable(waiting.poll());
      if (next.isEmpty()) {
        underWay--;
      }
    }
    next.ifPresent(Runnable::run);
  }
}
