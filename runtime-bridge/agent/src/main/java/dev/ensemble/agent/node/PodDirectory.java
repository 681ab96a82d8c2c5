package dev.ensemble.agent.node;

import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The pods of this node as their actors last saw them, for streams and log rotation. */
public final class PodDirectory {
  private final Map<String, Entry> pods = new ConcurrentHashMap<>();

  /** A pod and what runs of it. */
  public record Entry(PodDefinition pod, PodFacts facts) {}

  public Optional<Entry> find(String uid) {
    return Optional.ofNullable(pods.get(uid));
  }

  public Collection<Entry> all() {
    return pods.values();
  }

  void put(PodDefinition pod, PodFacts facts) {
    pods.put(pod.uid(), new Entry(pod, facts));
  }

  void remove(String uid) {
    pods.remove(uid);
  }
}
