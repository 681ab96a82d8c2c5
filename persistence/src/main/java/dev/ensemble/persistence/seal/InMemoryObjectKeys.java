package dev.ensemble.persistence.seal;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Keys in memory, for tests and simulations. */
public final class InMemoryObjectKeys implements ObjectKeys {
  private record Name(String entity, String uid) {}

  private final Map<Name, WrappedKey> keys = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<Optional<WrappedKey>> read(String entity, String uid) {
    return CompletableFuture.completedFuture(Optional.ofNullable(keys.get(new Name(entity, uid))));
  }

  @Override
  public CompletionStage<WrappedKey> create(String entity, String uid, WrappedKey candidate) {
    return CompletableFuture.completedFuture(
        keys.merge(new Name(entity, uid), candidate, (kept, other) -> kept));
  }

  @Override
  public CompletionStage<Void> destroy(String entity, String uid) {
    keys.computeIfPresent(new Name(entity, uid), (name, key) -> WrappedKey.DESTROYED);
    return CompletableFuture.completedFuture(null);
  }
}
