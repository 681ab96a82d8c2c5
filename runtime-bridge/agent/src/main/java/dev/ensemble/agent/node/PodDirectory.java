package dev.ensemble.agent.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The pods of this node as their actors last saw them, for streams, rotation and collection. */
public final class PodDirectory {
  private final Map<String, Entry> pods = new ConcurrentHashMap<>();

  /** A pod, what runs of it, and the status that was reported last. */
  public record Entry(PodDefinition pod, PodFacts facts, JsonNode status) {}

  public Optional<Entry> find(String uid) {
    return Optional.ofNullable(pods.get(uid));
  }

  public Collection<Entry> all() {
    return pods.values();
  }

  void put(PodDefinition pod, PodFacts facts) {
    pods.merge(
        pod.uid(),
        new Entry(pod, facts, Fields.at(pod.object(), "status")),
        (known, fresh) -> new Entry(pod, facts, known.status()));
  }

  void reported(String uid, JsonNode status) {
    pods.computeIfPresent(uid, (key, known) -> new Entry(known.pod(), known.facts(), status));
  }

  void remove(String uid) {
    pods.remove(uid);
  }
}
