package dev.ensemble.actors.view;

import java.util.Optional;

/**
 * A view at one revision. Immutable, safe to read from any thread, cheap to take. Iteration is in
 * order of namespace, then name.
 */
public interface Snapshot {
  /** The ledger's head when this was taken: the resourceVersion of a list. */
  long revision();

  int size();

  Optional<StoredObject> get(String namespace, String name);

  Iterable<StoredObject> all();

  /** Objects of one namespace. */
  Iterable<StoredObject> inNamespace(String namespace);

  /** Objects strictly after {@code namespace/name}, to continue a list. */
  Iterable<StoredObject> after(String namespace, String name);

  /** Objects with an owner reference to {@code uid}. */
  Iterable<StoredObject> ownedBy(String uid);

  /** Pods with {@code spec.nodeName} equal to {@code node}; for other kinds nothing. */
  Iterable<StoredObject> onNode(String node);

  /** Objects that carry the label {@code name=value}, in one namespace. */
  Iterable<StoredObject> labelled(String namespace, String label, String value);
}
