package dev.ensemble.http.read;

import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The snapshots that unfinished lists go on from, the newest few of each resource. A list whose
 * snapshot has left is Expired.
 */
public final class RecentSnapshots {
  /**
   * After this a list is taken for given up: what its snapshot holds of replaced objects is memory
   * that no limit counts. As long as upstream keeps replaced versions (etcd-compaction-interval).
   */
  static final Duration KEPT_MAX = Duration.ofMinutes(5);

  private final int eachMax;
  private final Supplier<Instant> clock;
  private final Map<ResourceName, Map<Long, Kept>> kept = new HashMap<>();

  private record Kept(Snapshot snapshot, Instant since) {}

  public RecentSnapshots(int eachMax, Supplier<Instant> clock) {
    this.eachMax = eachMax;
    this.clock = clock;
  }

  /** Keeps a snapshot, or keeps it on: each page of a list does so. */
  synchronized void keep(ResourceName resource, Snapshot snapshot) {
    Instant now = clock.get();
    kept.values().forEach(of -> of.values().removeIf(one -> isOld(one, now)));
    recent(resource).put(snapshot.revision(), new Kept(snapshot, now));
  }

  synchronized Optional<Snapshot> at(ResourceName resource, long revision) {
    return Optional.ofNullable(recent(resource).get(revision))
        .filter(found -> !isOld(found, clock.get()))
        .map(Kept::snapshot);
  }

  private static boolean isOld(Kept one, Instant now) {
    return Duration.between(one.since(), now).compareTo(KEPT_MAX) > 0;
  }

  private Map<Long, Kept> recent(ResourceName resource) {
    return kept.computeIfAbsent(
        resource,
        name ->
            new LinkedHashMap<>(16, 0.75f, true) {
              @Override
              protected boolean removeEldestEntry(Map.Entry<Long, Kept> eldest) {
                return size() > eachMax;
              }
            });
  }
}
