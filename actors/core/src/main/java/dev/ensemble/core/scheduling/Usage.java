package dev.ensemble.core.scheduling;

import java.util.Collection;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a node has given away.
 *
 * @param requested the sum of what its pods are charged for
 * @param scored the same as counted when nodes are compared: {@link PodRequest#scoredRequests}
 * @param lowestPriority of the pods here, empty without pods: whether preemption could help
 */
public record Usage(
    Resources requested,
    Resources scored,
    int pods,
    Set<HostPort> hostPorts,
    OptionalInt lowestPriority) {
  public static final Usage NONE =
      new Usage(Resources.NONE, Resources.NONE, 0, Set.of(), OptionalInt.empty());

  public Usage {
    hostPorts = Set.copyOf(hostPorts);
  }

  public static Usage of(Collection<PodRequest> pods) {
    Usage usage = NONE;
    for (PodRequest pod : pods) {
      usage = usage.plus(pod);
    }
    return usage;
  }

  public Usage plus(PodRequest pod) {
    Set<HostPort> ports = hostPorts;
    if (!pod.hostPorts().isEmpty()) {
      ports = new HashSet<>(hostPorts);
      ports.addAll(pod.hostPorts());
    }
    return new Usage(
        requested.plus(pod.requests()),
        scored.plus(pod.scoredRequests()),
        pods + 1,
        ports,
        OptionalInt.of(Math.min(lowestPriority.orElse(pod.priority()), pod.priority())));
  }
}
