package dev.ensemble.actors.view;

import dev.ensemble.core.object.ObjectKey;
import java.util.Optional;

/**
 * The part of a resource that a reader of the past is concerned with.
 *
 * @param namespace empty for all namespaces, and for resources without
 * @param name empty for all names
 */
public record Scope(String namespace, Optional<String> name) {
  /** The whole resource. */
  public static final Scope ALL = new Scope("", Optional.empty());

  public boolean includes(ObjectKey key) {
    return (namespace.isEmpty() || namespace.equals(key.namespace()))
        && (name.isEmpty() || name.get().equals(key.name()));
  }
}
