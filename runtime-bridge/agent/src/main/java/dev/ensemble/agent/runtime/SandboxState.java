package dev.ensemble.agent.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A pod's sandbox as the runtime knows it.
 *
 * @param ips addresses inside the pod's network, none for the host's network
 */
public record SandboxState(
    String id,
    String podUid,
    String podNamespace,
    String podName,
    int attempt,
    boolean ready,
    Instant createdAt,
    List<String> ips,
    Map<String, String> labels,
    Map<String, String> annotations) {
  public SandboxState {
    ips = List.copyOf(ips);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
