package dev.ensemble.core.scheduling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes pods on nodes small: what only a pod that waits is asked for is left out, and parts that
 * many pods have alike are kept once. Not safe for several threads.
 */
final class Shared {
  private static final int KEPT_MAX = 10_000;

  private final Map<Object, Object> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /** The pod as far as others are concerned with it. */
  PodRequest placed(PodRequest pod) {
    return new PodRequest(
        pod.uid(),
        once(pod.namespace()),
        pod.name(),
        once(pod.labels()),
        Optional.empty(),
        once(pod.nodeName()),
        once(pod.schedulerName()),
        pod.priority(),
        pod.mayPreempt(),
        List.of(),
        once(pod.requests()),
        once(pod.scoredRequests()),
        Map.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        once(pod.affinity()),
        List.of(),
        pod.hostPorts(),
        List.of(),
        List.of(),
        "",
        pod.since(),
        pod.terminating(),
        pod.finished());
  }

  @SuppressWarnings("unchecked")
  private <T> T once(T value) {
    return (T) kept.computeIfAbsent(value, v -> v);
  }
}
