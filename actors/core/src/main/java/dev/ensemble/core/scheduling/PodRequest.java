package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one pod asks of a node: everything that filters and scores may look at, read once from the
 * pod's JSON.
 *
 * @param nodeName the node it is bound to, or empty
 * @param requests what it is charged for: containers, init containers and sidecars by upstream's
 *     rule, pod-level resources, overhead (KEP-753, KEP-2837)
 * @param scoredRequests the same with a small CPU and memory request assumed for each container
 *     that asks for none, so that such pods spread
 * @param requiredTerms required node affinity: one of the terms must match; absent when there is
 *     none
 * @param images the images of all containers, init containers included
 * @param unsupported constraints that this scheduler cannot honour yet, in words; such a pod is
 *     never placed
 * @param nominatedNode where pods are being ended to make room for it, or empty
 * @param since when it was started on its node, or made if it is on none
 * @param finished whether the pod has ended for good and holds nothing any more
 */
public record PodRequest(
    String uid,
    String namespace,
    String name,
    Map<String, String> labels,
    Optional<Controller> controller,
    String nodeName,
    String schedulerName,
    int priority,
    boolean mayPreempt,
    List<String> schedulingGates,
    Resources requests,
    Resources scoredRequests,
    Map<String, String> nodeSelector,
    Optional<List<NodeTerm>> requiredTerms,
    List<NodeTerm.Preferred> preferredTerms,
    List<Toleration> tolerations,
    PodAffinity affinity,
    List<SpreadConstraint> spread,
    Set<HostPort> hostPorts,
    List<String> images,
    List<String> unsupported,
    String nominatedNode,
    Instant since,
    boolean terminating,
    boolean finished) {
  public PodRequest {
    labels = Map.copyOf(labels);
    schedulingGates = List.copyOf(schedulingGates);
    nodeSelector = Map.copyOf(nodeSelector);
    requiredTerms = requiredTerms.map(List::copyOf);
    preferredTerms = List.copyOf(preferredTerms);
    tolerations = List.copyOf(tolerations);
    spread = List.copyOf(spread);
    hostPorts = Set.copyOf(hostPorts);
    images = List.copyOf(images);
    unsupported = List.copyOf(unsupported);
  }

  /**
   * Reads a pod as the API serves it, defaulted and validated.
   *
   * @throws IllegalArgumentException when the pod is not valid
   */
  public static PodRequest read(JsonNode pod) {
    return PodReader.read(pod);
  }

  /** Whether a scheduler has something to do for it. */
  public boolean isPending() {
    return nodeName.isEmpty() && !terminating && !finished;
  }

  public boolean tolerates(Taint taint) {
    for (Toleration toleration : tolerations) {
      if (toleration.tolerates(taint)) {
        return true;
      }
    }
    return false;
  }

  /** {@code namespace/name}, for messages. */
  public String fullName() {
    return namespace + "/" + name;
  }

  /** The same pod, bound to the node. */
  public PodRequest at(String node) {
    return new PodRequest(
        uid,
        namespace,
        name,
        labels,
        controller,
        node,
        schedulerName,
        priority,
        mayPreempt,
        schedulingGates,
        requests,
        scoredRequests,
        nodeSelector,
        requiredTerms,
        preferredTerms,
        tolerations,
        affinity,
        spread,
        hostPorts,
        images,
        unsupported,
        nominatedNode,
        since,
        terminating,
        finished);
  }

  /** Whether it takes the same from its node. */
  public boolean takesSameAs(PodRequest other) {
    return nodeName.equals(other.nodeName)
        && requests.equals(other.requests)
        && scoredRequests.equals(other.scoredRequests)
        && hostPorts.equals(other.hostPorts)
        && priority == other.priority
        && finished == other.finished;
  }
}
