package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition.RestartPolicy;

/** A pod's phase from its containers' statuses: the kubelet's getPhase. */
final class PodPhase {
  private int running;
  private int waiting;
  private int stopped;
  private int succeeded;

  private PodPhase() {}

  static String of(PodDefinition pod, PodMemory memory, ArrayNode init, ArrayNode regular) {
    PodPhase counts = new PodPhase();
    regular.forEach(counts::count);
    boolean anyRunning = counts.running > 0 || anyRunning(init);
    if (memory.ending().filter(ending -> !ending.reason().isEmpty()).isPresent()) {
      return anyRunning ? "Running" : "Failed";
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
        boolean failed = exitCode(status) > 0 || lastExitCode(status) > 0;
        if (failed && pod.restartPolicy() == RestartPolicy.NEVER) {
          return "Failed";
        }
        if (!begun) {
          return "Pending";
        }
      }
    }
    return counts.phase(pod, memory);
  }

  private static boolean anyRunning(ArrayNode statuses) {
    for (JsonNode status : statuses) {
      if (Fields.has(status, "state", "running")) {
        return true;
      }
    }
    return false;
  }

  /** -1 while it has not ended. */
  private static int exitCode(JsonNode status) {
    return Fields.at(status, "state", "terminated", "exitCode").asInt(-1);
  }

  private static int lastExitCode(JsonNode status) {
    return Fields.at(status, "lastState", "terminated", "exitCode").asInt(-1);
  }

  private void count(JsonNode status) {
    if (Fields.has(status, "state", "running")) {
      running++;
    } else if (Fields.has(status, "state", "terminated")) {
      stopped++;
      if (exitCode(status) == 0) {
        succeeded++;
      }
    } else if (Fields.has(status, "lastState", "terminated")) {
      stopped++;
    } else {
      waiting++;
    }
  }

  private String phase(PodDefinition pod, PodMemory memory) {
    if (waiting > 0) {
      return "Pending";
    }
    if (running > 0) {
      return "Running";
    }
    if (stopped == 0) {
      return "Pending";
    }
    if (memory.ending().isPresent()) {
      return stopped == succeeded ? "Succeeded" : "Failed";
    }
    return switch (pod.restartPolicy()) {
      case ALWAYS -> "Running";
      case ON_FAILURE -> stopped == succeeded ? "Succeeded" : "Running";
      case NEVER -> stopped == succeeded ? "Succeeded" : "Failed";
    };
  }
}
