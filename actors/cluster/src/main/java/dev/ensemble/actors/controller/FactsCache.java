package dev.ensemble.actors.controller;

import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.PodFacts;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pods as controllers see them, parsed once for each version; the newest and the one before it are
 * kept. Several loops look at the same pod many times.
 */
public final class FactsCache {
  /** About 2 kB each. When it is full it starts afresh, which costs parsing and nothing else. */
  private static final int ENTRIES_MAX = 150_000;

  private record Version(long revision, PodFacts facts) {}

  private record Entry(Version newest, Optional<Version> before) {
    Entry with(Version version) {
      return version.revision() > newest.revision()
          ? new Entry(version, Optional.of(newest))
          : this;
    }

    Optional<PodFacts> at(long revision) {
      return newest.revision() == revision
          ? Optional.of(newest.facts())
          : before.filter(one -> one.revision() == revision).map(Version::facts);
    }
  }

  private final ConcurrentHashMap<String, Entry> pods = new ConcurrentHashMap<>();

  PodFacts pod(StoredObject stored) {
    Entry entry = pods.get(stored.uid());
    if (entry != null) {
      Optional<PodFacts> known = entry.at(stored.revision());
      if (known.isPresent()) {
        return known.get();
      }
    }
    Version version = new Version(stored.revision(), PodFacts.of(stored.tree()));
    if (pods.size() >= ENTRIES_MAX) {
      pods.clear();
    }
    pods.merge(
        stored.uid(),
        new Entry(version, Optional.empty()),
        (present, created) -> present.with(version));
    return version.facts();
  }

  /** The metadata of any object. */
  ObjectFacts meta(StoredObject stored) {
    return stored.key().resource().equals(PodFacts.PODS)
        ? pod(stored).meta()
        : ObjectFacts.of(stored.key().resource(), stored.tree());
  }

  void forget(String uid) {
    pods.remove(uid);
  }
}
