package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.ContainerMemory.Waiting;
import dev.ensemble.agent.runtime.ContainerState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A container's status: its state, the one before, and how often it was started again. */
final class ContainerStatusRules {
  private ContainerStatusRules() {}

  static ObjectNode status(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      JsonNode container,
      JsonNode previousPodStatus) {
    String name = nameOf(container);
    Optional<ContainerState> latest =
        facts.latest(name).filter(state -> state.phase() != ContainerState.Phase.CREATED);
    ContainerMemory remembered = memory.container(name);
    ObjectNode status = Fields.object();
    status.put("name", name);
    Optional<JsonNode> reported = reported(name, previousPodStatus);
    if (latest.isEmpty() && reported.filter(r -> endedForGood(r, previousPodStatus)).isPresent()) {
      return (ObjectNode) reported.get().deepCopy();
    }
    boolean running = latest.filter(ContainerState::running).isPresent();
    Optional<Waiting> waiting =
        running ? Optional.empty() : waiting(pod, facts, memory, container, latest);
    if (running) {
      status
          .putObject("state")
          .putObject("running")
          .put("startedAt", latest.get().startedAt().map(Timestamps::seconds).orElse(""));
    } else if (waiting.isPresent() || latest.isEmpty()) {
      Waiting why = waiting.orElse(creating(pod, facts, name));
      ObjectNode json = status.putObject("state").putObject("waiting").put("reason", why.reason());
      if (!why.message().isEmpty()) {
        json.put("message", why.message());
      }
    } else {
      status.putObject("state").set("terminated", terminated(latest.get()));
    }
    ObjectNode last = status.putObject("lastState");
    lastTerminated(facts, latest, waiting.isPresent())
        .ifPresent(dead -> last.set("terminated", terminated(dead)));
    boolean started = running && remembered.started();
    boolean done =
        pod.isInit(name) && latest.filter(s -> s.exited() && s.exitCode() == 0).isPresent();
    status.put("ready", done || (started && remembered.ready()));
    status.put("restartCount", restartCount(facts, name, reported));
    status.put(
        "image",
        latest
            .map(ContainerState::image)
            .filter(i -> !i.isEmpty())
            .orElse(text(container, "image")));
    status.put("imageID", latest.map(ContainerState::imageId).orElse(""));
    latest.ifPresent(state -> status.put("containerID", "containerd://" + state.id()));
    status.put("started", started);
    resources(container, status);
    volumeMounts(container, status);
    return status;
  }

  /** The reason while something is to be started that does not run; empty when it is over. */
  private static Optional<Waiting> waiting(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      JsonNode container,
      Optional<ContainerState> latest) {
    ContainerMemory remembered = memory.container(nameOf(container));
    if (memory.ending().isPresent() && latest.isPresent()) {
      return Optional.empty();
    }
    if (remembered.waiting().isPresent()) {
      return remembered.waiting();
    }
    return latest.isEmpty()
        ? Optional.of(creating(pod, facts, nameOf(container)))
        : Optional.empty();
  }

  private static Waiting creating(PodDefinition pod, PodFacts facts, String name) {
    boolean initializing =
        !pod.isInit(name)
            && pod.initContainers().stream()
                .filter(c -> !PodDefinition.isSidecar(c))
                .anyMatch(
                    c ->
                        facts
                            .latest(nameOf(c))
                            .filter(s -> s.exited() && s.exitCode() == 0)
                            .isEmpty());
    boolean hasInit = !pod.initContainers().isEmpty();
    return new Waiting(
        hasInit && (initializing || pod.isInit(name)) ? "PodInitializing" : "ContainerCreating",
        "");
  }

  private static Optional<ContainerState> lastTerminated(
      PodFacts facts, Optional<ContainerState> latest, boolean waiting) {
    if (latest.isEmpty()) {
      return Optional.empty();
    }
    return waiting && latest.get().exited()
        ? latest
        : facts.before(latest.get()).filter(ContainerState::exited);
  }

  /** Neither ready nor started: nothing waits for a debugging container. */
  static ObjectNode ofEphemeral(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      JsonNode container,
      JsonNode previousPodStatus) {
    ObjectNode status = status(pod, facts, memory, container, previousPodStatus);
    status.put("ready", false);
    status.remove("started");
    return status;
  }

  private static Optional<JsonNode> reported(String name, JsonNode previousPodStatus) {
    return Stream.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
        .flatMap(list -> Fields.list(previousPodStatus, list).stream())
        .filter(status -> text(status, "name").equals(name))
        .findFirst();
  }

  /** The runtime has forgotten it (a reboot, say) and the pod is over: what was said stays true. */
  private static boolean endedForGood(JsonNode reported, JsonNode previousPodStatus) {
    return PodPhase.isTerminal(text(previousPodStatus, "phase"))
        && Fields.has(reported, "state", "terminated");
  }

  private static int restartCount(PodFacts facts, String name, Optional<JsonNode> reported) {
    return Math.max(
        reported.map(status -> status.path("restartCount").asInt(0)).orElse(0),
        facts.latest(name).map(ContainerState::attempt).orElse(0));
  }

  private static ObjectNode terminated(ContainerState state) {
    ObjectNode json = Fields.object();
    json.put("exitCode", state.exitCode());
    String reason =
        state.reason().isEmpty() ? (state.exitCode() == 0 ? "Completed" : "Error") : state.reason();
    json.put("reason", reason);
    if (!state.message().isEmpty()) {
      json.put("message", state.message());
    }
    state.startedAt().ifPresent(when -> json.put("startedAt", Timestamps.seconds(when)));
    state.finishedAt().ifPresent(when -> json.put("finishedAt", Timestamps.seconds(when)));
    json.put("containerID", "containerd://" + state.id());
    return json;
  }

  private static void resources(JsonNode container, ObjectNode status) {
    JsonNode requests = Fields.at(container, "resources", "requests");
    if (!requests.isEmpty()) {
      status.set("allocatedResources", requests.deepCopy());
    }
    ObjectNode resources = status.putObject("resources");
    for (String kind : List.of("limits", "requests")) {
      if (!Fields.at(container, "resources", kind).isEmpty()) {
        resources.set(kind, Fields.at(container, "resources", kind).deepCopy());
      }
    }
  }

  private static void volumeMounts(JsonNode container, ObjectNode status) {
    for (JsonNode mount : Fields.list(container, "volumeMounts")) {
      ObjectNode json = status.withArray("volumeMounts").addObject();
      json.put("name", text(mount, "name")).put("mountPath", text(mount, "mountPath"));
      if (Fields.flag(mount, "readOnly")) {
        json.put("readOnly", true).put("recursiveReadOnly", "Disabled");
      }
    }
  }
}
