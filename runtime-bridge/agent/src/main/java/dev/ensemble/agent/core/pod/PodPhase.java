package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ensemble.agent.core.Fields;

/** A pod's phase from its containers' statuses: the kubelet's getPhase. */
final class PodPhase {
  private int running;
  private int waiting;
  private int stopped;
  private int succeeded;
  private int restarting;

  private PodPhase() {}

  static String of(PodDefinition pod, PodMemory memory, ArrayNode init, ArrayNode regular) {
    PodPhase counts = new PodPhase();
    regular.forEach(status -> counts.count(pod, status));
    if (memory.ending().filter(ending -> !ending.reason().isEmpty()).isPresent()) {
      return "Failed";
    }
    boolean begun = counts.running + counts.stopped > 0;
    for (JsonNode status : init) {
      boolean sidecar =
          pod.container(text(status, "name")).filter(PodDefinition::isSidecar).isPresent();
      if (sidecar) {
        if (!begun && !Fields.flag(status, "started")) {
          return "Pending";
        }
      } else if (exitCode(status) != 0) {
        if (exitCode(status) > 0 && !restarts(pod, status)) {
          return "Failed";
        }
        if (!begun) {
          return "Pending";
        }
      }
    }
    return counts.phase(memory);
  }

  /** Nobody may think that a pod is over while one of its containers, a sidecar say, still runs. */
  static String whileRunning(String phase, PodFacts facts, JsonNode previous) {
    if (facts.running().isEmpty() || !isTerminal(phase)) {
      return phase;
    }
    String before = text(previous, "phase");
    return before.isEmpty() ? "Pending" : before;
  }

  /** A pod never leaves these. */
  static boolean isTerminal(String phase) {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** -1 while it has not ended. */
  private static int exitCode(JsonNode status) {
    return Fields.at(status, "state", "terminated", "exitCode").asInt(-1);
  }

  private static boolean restarts(PodDefinition pod, JsonNode status) {
    return pod.container(text(status, "name"))
        .filter(container -> RestartRules.restarts(pod, container, exitCode(status)))
        .isPresent();
  }

  private void count(PodDefinition pod, JsonNode status) {
    if (Fields.has(status, "state", "running")) {
      running++;
    } else if (Fields.has(status, "state", "terminated")) {
      stopped++;
      if (exitCode(status) == 0) {
        succeeded++;
      }
      if (restarts(pod, status)) {
        restarting++;
      }
    } else if (Fields.has(status, "lastState", "terminated")) {
      stopped++;
      restarting++;
    } else {
      waiting++;
    }
  }

  private String phase(PodMemory memory) {
    if (waiting > 0) {
      return "Pending";
    }
    if (running > 0) {
      return "Running";
    }
    if (stopped == 0) {
      return "Pending";
    }
    if (memory.ending().isEmpty() && restarting > 0) {
      return "Running";
    }
    return stopped == succeeded ? "Succeeded" : "Failed";
  }
}
