package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.PodDefinition.RestartPolicy;
import dev.ensemble.agent.runtime.ContainerState;

/** Whether what ended is started again: by the container's rules, its policy, the pod's policy. */
final class RestartRules {
  private RestartRules() {}

  static boolean restarts(PodDefinition pod, ContainerState exited) {
    return pod.container(exited.name())
        .map(container -> restarts(pod, container, exited.exitCode()))
        .orElse(false);
  }

  static boolean restarts(PodDefinition pod, JsonNode container, int exitCode) {
    if (pod.ephemeralContainers().stream().anyMatch(c -> nameOf(c).equals(nameOf(container)))) {
      return false;
    }
    // KEP 5307: the first rule that fits decides, then the container's policy.
    for (JsonNode rule : list(container, "restartPolicyRules")) {
      boolean among =
          list(rule, "exitCodes", "values").stream().anyMatch(code -> code.asInt() == exitCode);
      boolean fits = text(rule, "exitCodes", "operator").equals("NotIn") != among;
      if (fits && text(rule, "action").equals("Restart")) {
        return true;
      }
    }
    String own = text(container, "restartPolicy");
    RestartPolicy policy = own.isEmpty() ? pod.restartPolicy() : PodDefinition.restartPolicy(own);
    return switch (policy) {
      case ALWAYS -> true;
      case ON_FAILURE -> exitCode != 0;
      case NEVER -> false;
    };
  }

  /** It ended without success and is not tried again: the pod has failed. */
  static boolean initFailedForGood(PodDefinition pod, JsonNode init, ContainerState exited) {
    return exited.exited() && exited.exitCode() != 0 && !restarts(pod, init, exited.exitCode());
  }
}
