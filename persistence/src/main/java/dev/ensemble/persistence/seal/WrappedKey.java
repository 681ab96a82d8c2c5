package dev.ensemble.persistence.seal;

import dev.ensemble.persistence.format.Bytes;

/**
 * An object's key, wrapped.
 *
 * @param masterKey the id of the master key that wrapped it; empty when destroyed
 * @param bytes empty when destroyed
 */
public record WrappedKey(String masterKey, Bytes bytes) {
  static final WrappedKey DESTROYED = new WrappedKey("", Bytes.EMPTY);

  public boolean destroyed() {
    return bytes.isEmpty();
  }
}
