package dev.ensemble.http.resource;

import dev.ensemble.actors.view.StoredObject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What writes ask about namespaces. */
final class Namespaces {
  /** Upstream's NamespaceLifecycle keeps these. */
  static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

  private static final int REMEMBERED_MAX = 10_000;

  private static final Map<String, Seen> SEEN = new ConcurrentHashMap<>();

  private record Seen(StoredObject object, boolean terminating) {}

  private Namespaces() {}

  /** Asked at every create: parsed once for each version of the namespace. */
  static boolean terminating(StoredObject namespace) {
    String name = namespace.key().name();
    Seen seen = SEEN.get(name);
    if (seen != null && seen.object() == namespace) {
      return seen.terminating();
    }
    boolean terminating = namespace.tree().path("metadata").hasNonNull("deletionTimestamp");
    if (SEEN.size() >= REMEMBERED_MAX) {
      SEEN.clear();
    }
    SEEN.put(name, new Seen(namespace, terminating));
    return terminating;
  }
}
