package dev.ensemble.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** A message from the agent to the control plane. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = FromAgent.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = FromAgent.Heartbeat.class, name = "heartbeat"),
  @JsonSubTypes.Type(value = FromAgent.NodeReported.class, name = "node-reported"),
  @JsonSubTypes.Type(value = FromAgent.PodReported.class, name = "pod-reported"),
  @JsonSubTypes.Type(value = FromAgent.PodEnded.class, name = "pod-ended"),
  @JsonSubTypes.Type(value = FromAgent.EventObserved.class, name = "event-observed"),
  @JsonSubTypes.Type(value = FromAgent.Want.class, name = "want"),
  @JsonSubTypes.Type(value = FromAgent.Unwant.class, name = "unwant"),
  @JsonSubTypes.Type(value = FromAgent.StreamRefused.class, name = "stream-refused"),
})
public sealed interface FromAgent {
  /**
   * The first message. {@code labels} and {@code status} (capacity, allocatable, conditions,
   * addresses, nodeInfo, images) are those of the Node object, which is created from them when
   * there is none. {@code podUids} are the pods that run here already.
   */
  record Hello(
      String agentVersion, Map<String, String> labels, ObjectNode status, List<String> podUids)
      implements FromAgent {
    public Hello {
      labels = Map.copyOf(labels);
      podUids = List.copyOf(podUids);
    }
  }

  /** The agent lives. Kept in memory only. */
  record Heartbeat() implements FromAgent {}

  /** The node's status changed in something else than heartbeat times. */
  record NodeReported(ObjectNode status) implements FromAgent {}

  /** A pod's status as its node sees it (PodStatus, whole). */
  record PodReported(String uid, String namespace, String name, ObjectNode status)
      implements FromAgent {}

  /** All of a Terminating pod has ended and is cleaned up: it can be removed. */
  record PodEnded(String uid, String namespace, String name) implements FromAgent {}

  /**
   * Something worth a Kubernetes Event: Pulled, Created, Started, Killing, BackOff, Unhealthy, …
   *
   * @param involvedKind Pod or Node
   * @param eventType Normal or Warning
   * @param fieldPath such as {@code spec.containers{nginx}}, or empty
   */
  record EventObserved(
      String involvedKind,
      String namespace,
      String name,
      String uid,
      String fieldPath,
      String eventType,
      String reason,
      String message)
      implements FromAgent {}

  /**
   * Asks for a ConfigMap or Secret and all its changes. {@code resource} is configmaps or secrets.
   */
  record Want(String resource, String namespace, String name) implements FromAgent {}

  record Unwant(String resource, String namespace, String name) implements FromAgent {}

  /** The stream cannot be opened; {@code code} is an HTTP status. */
  record StreamRefused(String streamId, int code, String message) implements FromAgent {}
}
