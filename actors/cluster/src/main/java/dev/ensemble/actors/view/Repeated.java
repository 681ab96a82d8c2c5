package dev.ensemble.actors.view;

import dev.ensemble.core.object.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Values that many objects have in common (namespaces, label sets, owners, node names) are held
 * once. The newest few are remembered; what has left the table is only held twice.
 */
final class Repeated {
  /** A power of two. A table of this size costs 16 KiB and what it points to. */
  private static final int SLOTS = 4096;

  private static final AtomicReferenceArray<Object> RECENT = new AtomicReferenceArray<>(SLOTS);

  private Repeated() {}

  static String text(String text) {
    return text.isEmpty() ? "" : one(text);
  }

  /** A copy that nobody can change. */
  static Map<String, String> labels(Map<String, String> labels) {
    return labels.isEmpty() ? Map.of() : one(Map.copyOf(labels));
  }

  /** A copy that nobody can change. */
  static List<String> owners(List<String> owners) {
    return owners.isEmpty() ? List.of() : one(List.copyOf(owners));
  }

  static ObjectKey key(ObjectKey key) {
    return new ObjectKey(one(key.resource()), text(key.namespace()), key.name());
  }

  @SuppressWarnings("unchecked") // what equals a value here is of its type: see the callers
  private static <T> T one(T value) {
    int hash = value.hashCode();
    int slot = (hash ^ hash >>> 12) & (SLOTS - 1);
    Object held = RECENT.get(slot);
    if (value.equals(held)) {
      return (T) held;
    }
    RECENT.set(slot, value);
    return value;
  }
}
