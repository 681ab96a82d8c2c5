package dev.ensemble.agent.stream;

import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.node.PodDirectory;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.protocol.StreamRequest;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which incarnation of a container a request for its log means, by the pod's status, and why there
 * is none: the kubelet's rules and words (validateContainerLogStatus).
 */
final class LogChoice {
  private LogChoice() {}

  static ContainerState of(PodDirectory.Entry entry, StreamRequest.Logs request) {
    String name = request.container();
    String where = "container \"" + name + "\" in pod \"" + entry.pod().name() + "\"";
    JsonNode status =
        Stream.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
            .flatMap(kind -> list(entry.status(), kind).stream())
            .filter(candidate -> text(candidate, "name").equals(name))
            .findFirst()
            .orElseThrow(() -> new StreamRefusal(400, where + " is not available"));
    String id = request.previous() ? previous(status, where) : current(status, where);
    String bare = id.substring(id.indexOf("//") + 2);
    return entry
        .facts()
        .byId(bare)
        .orElseThrow(() -> new StreamRefusal(400, "unable to retrieve container logs for " + id));
  }

  private static String previous(JsonNode status, String where) {
    return terminated(status, "lastState")
        .orElseThrow(() -> new StreamRefusal(400, "previous terminated " + where + " not found"));
  }

  private static String current(JsonNode status, String where) {
    if (has(status, "state", "running")) {
      return text(status, "containerID");
    }
    Optional<String> dead = terminated(status, "state").or(() -> terminated(status, "lastState"));
    if (dead.isPresent()) {
      return dead.get();
    }
    if (has(status, "state", "terminated")) {
      throw new StreamRefusal(400, where + " is terminated");
    }
    String why =
        switch (text(status, "state", "waiting", "reason")) {
          case "ErrImagePull" -> ": image can't be pulled";
          case "ImagePullBackOff" -> ": trying and failing to pull image";
          case "" -> "";
          default -> ": " + text(status, "state", "waiting", "reason");
        };
    throw new StreamRefusal(400, where + " is waiting to start" + why);
  }

  private static Optional<String> terminated(JsonNode status, String when) {
    return Optional.of(text(status, when, "terminated", "containerID")).filter(id -> !id.isEmpty());
  }
}
