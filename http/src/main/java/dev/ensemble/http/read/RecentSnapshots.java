package dev.ensemble.http.read;

import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.core.object.ResourceName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The snapshots that unfinished lists go on from, the newest few of each resource. A list whose
 * snapshot has left is Expired.
 */
public final class RecentSnapshots {
  private final int eachMax;
  private final Map<ResourceName, Map<Long, Snapshot>> kept = new ConcurrentHashMap<>();

  public RecentSnapshots(int eachMax) {
    this.eachMax = eachMax;
  }

  void keep(ResourceName resource, Snapshot snapshot) {
    Map<Long, Snapshot> recent = recent(resource);
    synchronized (recent) {
      recent.put(snapshot.revision(), snapshot);
    }
  }

  Optional<Snapshot> at(ResourceName resource, long revision) {
    Map<Long, Snapshot> recent = recent(resource);
    synchronized (recent) {
      return Optional.ofNullable(recent.get(revision));
    }
  }

  private Map<Long, Snapshot> recent(ResourceName resource) {
    return kept.computeIfAbsent(
        resource,
        name ->
            new LinkedHashMap<>(16, 0.75f, true) {
              @Override
              protected boolean removeEldestEntry(Map.Entry<Long, Snapshot> eldest) {
                return size() > eachMax;
              }
            });
  }
}
