package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A Deployment's wishes.
 *
 * @param maxSurge pods allowed above {@code replicas}; 0 for Recreate
 * @param maxUnavailable pods that may be missing; 0 for Recreate
 */
record DeploymentSpec(
    int replicas,
    boolean rolling,
    int maxSurge,
    int maxUnavailable,
    boolean paused,
    int minReadySeconds,
    Optional<Duration> progressDeadline,
    OptionalInt historyLimit,
    JsonNode selector,
    JsonNode template) {

  static DeploymentSpec of(JsonNode deployment) {
    JsonNode spec = deployment.path("spec");
    int replicas = spec.path("replicas").asInt(1);
    boolean rolling = !spec.path("strategy").path("type").asText().equals("Recreate");
    JsonNode rollingUpdate = spec.path("strategy").path("rollingUpdate");
    int surge = rolling ? scaled(rollingUpdate.path("maxSurge"), replicas, Rounding.UP) : 0;
    int unavailable =
        rolling ? scaled(rollingUpdate.path("maxUnavailable"), replicas, Rounding.DOWN) : 0;
    if (rolling && surge == 0 && unavailable == 0) {
      // Both may round to nothing; a rollout needs room for one.
      unavailable = 1;
    }
    int deadline = spec.path("progressDeadlineSeconds").asInt(Integer.MAX_VALUE);
    int history = spec.path("revisionHistoryLimit").asInt(Integer.MAX_VALUE);
    return new DeploymentSpec(
        replicas,
        rolling,
        surge,
        Math.min(unavailable, replicas),
        spec.path("paused").asBoolean(),
        spec.path("minReadySeconds").asInt(),
        deadline == Integer.MAX_VALUE
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(deadline)),
        history == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(history),
        spec.path("selector"),
        spec.path("template"));
  }

  /** The most pods that a rollout may have. */
  int maxReplicas() {
    return replicas + maxSurge;
  }

  private enum Rounding {
    UP,
    DOWN
  }

  /** A number, or a percentage of {@code total}; 25% when absent. */
  private static int scaled(JsonNode value, int total, Rounding rounding) {
    if (value.isNumber()) {
      return value.asInt();
    }
    String text = value.asText("25%");
    if (!text.endsWith("%")) {
      return Integer.parseInt(text);
    }
    double share = Integer.parseInt(text.substring(0, text.length() - 1)) * (double) total / 100;
    return (int) (rounding == Rounding.UP ? Math.ceil(share) : Math.floor(share));
  }
}
