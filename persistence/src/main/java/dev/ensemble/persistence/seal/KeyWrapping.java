package dev.ensemble.persistence.seal;

import dev.ensemble.persistence.format.Bytes;
import java.util.concurrent.CompletionStage;

/**
 * Protects objects' keys with a master key that never leaves it: a file here, a key management
 * service elsewhere. Old master keys go on unwrapping what they wrapped.
 */
public interface KeyWrapping {
  /** Wraps under the current master key. {@code context} must be the same when unwrapping. */
  CompletionStage<WrappedKey> wrap(Bytes key, Bytes context);

  /** Fails with a {@link SealException} when the master key is unknown or the context differs. */
  CompletionStage<Bytes> unwrap(WrappedKey wrapped, Bytes context);
}
