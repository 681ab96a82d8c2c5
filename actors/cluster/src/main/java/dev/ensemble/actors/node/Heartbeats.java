package dev.ensemble.actors.node;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** When each node was last heard of, in the memory of this process only: never journaled. */
public final class Heartbeats {
  private final Instant since;
  private final Map<String, Instant> last = new ConcurrentHashMap<>();

  public Heartbeats(Instant since) {
    this.since = since;
  }

  /** Since when this process has been listening: silence before that says nothing. */
  public Instant since() {
    return since;
  }

  public Optional<Instant> lastSeen(String node) {
    return Optional.ofNullable(last.get(node));
  }

  /** A sign of life; also for kubelets that renew a Lease. */
  public void seen(String node, Instant at) {
    last.merge(node, at, (a, b) -> a.isAfter(b) ? a : b);
  }

  /** The Node object is gone. */
  public void forget(String node) {
    last.remove(node);
  }
}
