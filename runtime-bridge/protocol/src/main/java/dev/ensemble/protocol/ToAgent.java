package dev.ensemble.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A message from the control plane to the agent. Kubernetes objects travel as the API serves them.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ToAgent.Welcome.class, name = "welcome"),
  @JsonSubTypes.Type(value = ToAgent.PodDesired.class, name = "pod-desired"),
  @JsonSubTypes.Type(value = ToAgent.PodForgotten.class, name = "pod-forgotten"),
  @JsonSubTypes.Type(value = ToAgent.ServicesDesired.class, name = "services-desired"),
  @JsonSubTypes.Type(value = ToAgent.ObjectChanged.class, name = "object-changed"),
  @JsonSubTypes.Type(value = ToAgent.Synced.class, name = "synced"),
  @JsonSubTypes.Type(value = ToAgent.OpenStream.class, name = "open-stream"),
})
public sealed interface ToAgent {
  /**
   * The first message: the session is accepted.
   *
   * @param podCidr the range for this node's pods, such as {@code 10.42.0.0/24}
   * @param clusterCidr the range of all pods
   * @param serviceCidr the range of cluster IPs
   * @param heartbeatSeconds how often the agent must send a Heartbeat
   */
  record Welcome(String podCidr, String clusterCidr, String serviceCidr, int heartbeatSeconds)
      implements ToAgent {}

  /**
   * The pod is bound to this node and looks like this now; with {@code metadata.deletionTimestamp}
   * it is to be ended.
   */
  record PodDesired(ObjectNode pod) implements ToAgent {}

  /** The pod no longer exists (or not on this node): end and forget it at once. */
  record PodForgotten(String uid, String namespace, String name) implements ToAgent {}

  /**
   * All Services and EndpointSlices, whole: the agent renders its packet rules from them. Sent
   * again, coalesced, when one changes.
   */
  record ServicesDesired(List<ObjectNode> services, List<ObjectNode> endpointSlices)
      implements ToAgent {
    public ServicesDesired {
      services = List.copyOf(services);
      endpointSlices = List.copyOf(endpointSlices);
    }
  }

  /**
   * A ConfigMap or Secret that the agent asked for with Want, as it is now; empty when there is
   * none.
   */
  record ObjectChanged(String resource, String namespace, String name, Optional<ObjectNode> object)
      implements ToAgent {}

  /** All that is desired has been sent; a pod that runs and was not named is not wanted. */
  record Synced() implements ToAgent {}

  /** Asks the agent to open the WebSocket of a stream. */
  record OpenStream(String streamId, StreamRequest request) implements ToAgent {}
}
