package dev.ensemble.persistence.seal;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where wrapped keys are kept, by entity and uid. Writes are durable when they complete. */
public interface ObjectKeys {
  CompletionStage<Optional<WrappedKey>> read(String entity, String uid);

  /** Keeps {@code candidate} unless there is a key, or a destroyed one, already: what is kept. */
  CompletionStage<WrappedKey> create(String entity, String uid, WrappedKey candidate);

  /** Overwrites the key for good, if there is one. A destroyed key stays known as destroyed. */
  CompletionStage<Void> destroy(String entity, String uid);
}
