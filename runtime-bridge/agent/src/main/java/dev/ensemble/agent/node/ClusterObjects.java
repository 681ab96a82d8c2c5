package dev.ensemble.agent.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.core.pod.PodSources.NodeFacts;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What is known of the cluster, as one value that is replaced. Written by the node's actor only.
 */
final class ClusterObjects implements Supplier<PodSources> {
  private final AtomicReference<PodSources> current;

  ClusterObjects(NodeFacts node) {
    current = new AtomicReference<>(new PodSources(Map.of(), List.of(), node));
  }

  @Override
  public PodSources get() {
    return current.get();
  }

  void put(Reference reference, Optional<ObjectNode> object) {
    PodSources now = current.get();
    Map<Reference, Optional<ObjectNode>> objects = new HashMap<>(now.objects());
    objects.put(reference, object);
    current.set(new PodSources(objects, now.services(), now.node()));
  }

  void retain(Set<Reference> wanted) {
    PodSources now = current.get();
    Map<Reference, Optional<ObjectNode>> objects = new HashMap<>(now.objects());
    objects.keySet().retainAll(wanted);
    current.set(new PodSources(objects, now.services(), now.node()));
  }

  void services(List<ObjectNode> services) {
    PodSources now = current.get();
    current.set(new PodSources(now.objects(), services, now.node()));
  }
}
