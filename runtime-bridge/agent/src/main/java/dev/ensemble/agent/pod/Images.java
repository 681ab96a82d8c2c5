package dev.ensemble.agent.pod;

import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.PodRuntime.RegistryLogin;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Pulls each image once, however many containers wait for it. */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class Images {
  private final PodRuntime runtime;
  private final Map<String, CompletableFuture<ImageState>> pulls = new ConcurrentHashMap<>();

  Images(PodRuntime runtime) {
    this.runtime = runtime;
  }

  CompletionStage<Optional<ImageState>> find(String reference) {
    return runtime.image(reference);
  }

  CompletionStage<ImageState> pull(String reference, Optional<RegistryLogin> login) {
    String key = reference + login.map(l -> "\n" + l.username()).orElse("");
    CompletableFuture<ImageState> mine = new CompletableFuture<>();
    CompletableFuture<ImageState> other = pulls.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    runtime
        .pullImage(reference, login)
        .thenCompose(runtime::image)
        .whenComplete(
            (image, failure) -> {
              pulls.remove(key);
              if (failure != null) {
                mine.completeExceptionally(failure);
              } else if (image.isEmpty()) {
                mine.completeExceptionally(
                    new IllegalStateException("image " + reference + " is gone after its pull"));
              } else {
                mine.complete(image.get());
              }
            });
    return mine;
  }
}
