package dev.ensemble.actors.node;

import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.persistence.format.EventId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Promises of the brokers of this process whose Bind is under way. They outlive a broker that
 * restarts: its successor must count what is under way and learn how it ended.
 */
final class Promises {
  private final Map<String, Map<String, Promise>> byNode = new ConcurrentHashMap<>();

  /** One award whose outcome is not known yet. */
  record Promise(
      ObjectKey key, PodRequest pod, List<Bid> bids, Optional<EventId> cause, int attempts) {
    Promise again() {
      return new Promise(key, pod, bids, cause, attempts + 1);
    }
  }

  void put(String node, Promise promise) {
    byNode.computeIfAbsent(node, n -> new ConcurrentHashMap<>()).put(promise.pod().uid(), promise);
  }

  Optional<Promise> get(String node, String uid) {
    return Optional.ofNullable(byNode.getOrDefault(node, Map.of()).get(uid));
  }

  void remove(String node, String uid) {
    byNode.computeIfPresent(
        node,
        (n, promises) -> {
          promises.remove(uid);
          return promises.isEmpty() ? null : promises;
        });
  }

  List<Promise> of(String node) {
    return List.copyOf(byNode.getOrDefault(node, Map.of()).values());
  }
}
