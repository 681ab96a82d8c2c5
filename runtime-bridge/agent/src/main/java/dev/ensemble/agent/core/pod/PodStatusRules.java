package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.pod.PodDefinition.isSidecar;
import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.runtime.SandboxState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A pod's status as its node reports it, from the same facts and memory as the plan. */
public final class PodStatusRules {
  private PodStatusRules() {}

  /**
   * The whole PodStatus.
   *
   * @param previous what was reported (or stored) last: transition times and other writers'
   *     conditions come from it
   * @param hostIps addresses of the node, the main one first
   */
  public static ObjectNode status(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      JsonNode previous,
      List<String> hostIps,
      Instant now) {
    ArrayNode init = Fields.object().arrayNode();
    for (JsonNode container : pod.initContainers()) {
      init.add(ContainerStatusRules.status(pod, facts, memory, container, previous));
    }
    ArrayNode regular = Fields.object().arrayNode();
    for (JsonNode container : pod.containers()) {
      regular.add(ContainerStatusRules.status(pod, facts, memory, container, previous));
    }
    ArrayNode ephemeral = Fields.object().arrayNode();
    for (JsonNode container : pod.ephemeralContainers()) {
      ephemeral.add(ContainerStatusRules.ofEphemeral(pod, facts, memory, container, previous));
    }
    boolean over = PodPhase.isTerminal(text(previous, "phase"));
    String phase =
        over
            ? text(previous, "phase")
            : PodPhase.whileRunning(PodPhase.of(pod, memory, init, regular), facts, previous);
    ObjectNode status = Fields.object();
    number(pod, "generation").ifPresent(g -> status.put("observedGeneration", g));
    status.put("phase", phase);
    memory
        .ending()
        .filter(ending -> !ending.reason().isEmpty() && PodPhase.isTerminal(phase))
        .ifPresent(
            ending -> {
              status.put("reason", ending.reason());
              status.put("message", ending.message());
            });
    status.set("conditions", conditions(pod, facts, phase, init, regular, previous, now));
    addresses(pod, facts, previous, hostIps, phase, status);
    status.put("startTime", Timestamps.seconds(memory.startTime()));
    if (!init.isEmpty()) {
      status.set("initContainerStatuses", init);
    }
    status.set("containerStatuses", regular);
    if (!ephemeral.isEmpty()) {
      status.set("ephemeralContainerStatuses", ephemeral);
    }
    status.put("qosClass", PodResources.qosClass(pod));
    return status;
  }

  private static Optional<Long> number(PodDefinition pod, String field) {
    return Fields.number(pod.metadata(), field);
  }

  private static void addresses(
      PodDefinition pod,
      PodFacts facts,
      JsonNode previous,
      List<String> hostIps,
      String phase,
      ObjectNode status) {
    if (!hostIps.isEmpty()) {
      status.put("hostIP", hostIps.get(0));
      hostIps.forEach(ip -> status.withArray("hostIPs").addObject().put("ip", ip));
    }
    List<String> ips = facts.readySandbox().map(SandboxState::ips).orElse(List.of());
    if (pod.hostNetwork() && facts.readySandbox().isPresent()) {
      ips = hostIps;
    }
    if (ips.isEmpty() && (phase.equals("Succeeded") || phase.equals("Failed"))) {
      // A finished pod keeps the address that it had.
      ips = Fields.list(previous, "podIPs").stream().map(ip -> text(ip, "ip")).toList();
    }
    if (!ips.isEmpty()) {
      status.put("podIP", ips.get(0));
      ips.forEach(ip -> status.withArray("podIPs").addObject().put("ip", ip));
    }
  }

  private static ArrayNode conditions(
      PodDefinition pod,
      PodFacts facts,
      String phase,
      ArrayNode init,
      ArrayNode regular,
      JsonNode previous,
      Instant now) {
    boolean network =
        facts.readySandbox().filter(s -> pod.hostNetwork() || !s.ips().isEmpty()).isPresent();
    Condition initialized = initialized(pod, phase, init, regular);
    Condition containersReady = containersReady(phase, regular, sidecars(pod, init));
    Condition ready = ready(pod, containersReady, previous);
    List<Condition> all =
        List.of(
            Condition.of("PodReadyToStartContainers", network),
            initialized,
            ready,
            containersReady,
            Condition.of("PodScheduled", true));
    ArrayNode conditions = Fields.object().arrayNode();
    for (Condition condition : all) {
      conditions.add(condition.json(previous, number(pod, "generation"), now));
    }
    for (JsonNode foreign : Fields.list(previous, "conditions")) {
      if (all.stream().noneMatch(own -> own.type().equals(text(foreign, "type")))) {
        conditions.add(foreign.deepCopy());
      }
    }
    return conditions;
  }

  private static List<JsonNode> sidecars(PodDefinition pod, ArrayNode init) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode container : pod.initContainers()) {
      if (isSidecar(container)) {
        init.forEach(
            status -> {
              if (text(status, "name").equals(nameOf(container))) {
                found.add(status);
              }
            });
      }
    }
    return found;
  }

  private static Condition initialized(
      PodDefinition pod, String phase, ArrayNode init, ArrayNode regular) {
    if (phase.equals("Succeeded")) {
      return new Condition("Initialized", "True", "PodCompleted", "");
    }
    boolean begun = false;
    for (JsonNode status : regular) {
      begun |=
          !Fields.has(status, "state", "waiting") || Fields.has(status, "lastState", "terminated");
    }
    List<String> open = new ArrayList<>();
    for (JsonNode status : init) {
      boolean done =
          pod.container(text(status, "name")).filter(PodDefinition::isSidecar).isPresent()
              ? Fields.flag(status, "started")
              : Fields.at(status, "state", "terminated", "exitCode").asInt(-1) == 0;
      if (!done) {
        open.add(text(status, "name"));
      }
    }
    return begun || open.isEmpty()
        ? Condition.of("Initialized", true)
        : new Condition(
            "Initialized",
            "False",
            "ContainersNotInitialized",
            "containers with incomplete status: " + Condition.goList(open));
  }

  private static Condition containersReady(
      String phase, ArrayNode regular, List<JsonNode> sidecars) {
    if (phase.equals("Succeeded")) {
      return new Condition("ContainersReady", "False", "PodCompleted", "");
    }
    if (phase.equals("Failed")) {
      return new Condition("ContainersReady", "False", "PodFailed", "");
    }
    List<String> unready = new ArrayList<>();
    sidecars.stream()
        .filter(status -> !Fields.flag(status, "ready"))
        .forEach(status -> unready.add(text(status, "name")));
    for (JsonNode status : regular) {
      if (!Fields.flag(status, "ready")) {
        unready.add(text(status, "name"));
      }
    }
    return unready.isEmpty()
        ? Condition.of("ContainersReady", true)
        : new Condition(
            "ContainersReady",
            "False",
            "ContainersNotReady",
            "containers with unready status: " + Condition.goList(unready));
  }

  private static Condition ready(PodDefinition pod, Condition containers, JsonNode previous) {
    if (!containers.status().equals("True")) {
      return new Condition("Ready", "False", containers.reason(), containers.message());
    }
    List<String> problems = new ArrayList<>();
    for (JsonNode gate : Fields.list(pod.spec(), "readinessGates")) {
      String type = text(gate, "conditionType");
      Optional<JsonNode> condition =
          Fields.list(previous, "conditions").stream()
              .filter(c -> text(c, "type").equals(type))
              .findFirst();
      if (condition.isEmpty()) {
        problems.add(
            "corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
      } else if (!text(condition.get(), "status").equals("True")) {
        problems.add(
            "the status of pod readiness gate \""
                + type
                + "\" is not \"True\", but "
                + text(condition.get(), "status"));
      }
    }
    return problems.isEmpty()
        ? Condition.of("Ready", true)
        : new Condition("Ready", "False", "ReadinessGatesNotReady", String.join(", ", problems));
  }
}
