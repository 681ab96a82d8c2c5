package dev.ensemble.actors.ledger;

import java.util.concurrent.CompletionStage;

/**
 * Seals what is secret under a key of its object. Implemented by {@code
 * dev.ensemble.persistence.seal}.
 */
public interface Sealing {
  /** Seals bytes of an incarnation; its key is made, and durable, before first use. */
  CompletionStage<byte[]> seal(String entity, String uid, byte[] plain);

  /**
   * Opens what {@link #seal} made. Fails with {@link KeyDestroyedException} when the object was
   * deleted for good.
   */
  CompletionStage<byte[]> unseal(String entity, byte[] sealed);

  /** Makes all that was sealed for this incarnation unreadable for ever. May be repeated. */
  CompletionStage<Void> destroyKey(String entity, String uid);

  /** The object was deleted for good and its key with it. */
  final class KeyDestroyedException extends RuntimeException {
    public KeyDestroyedException(String entity) {
      super("the key of " + entity + " is destroyed");
    }
  }
}
