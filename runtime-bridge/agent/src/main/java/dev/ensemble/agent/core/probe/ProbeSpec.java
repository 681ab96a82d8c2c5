package dev.ensemble.agent.core.probe;

import static dev.ensemble.agent.core.Fields.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/**
 * A probe with the API's defaults.
 *
 * @param terminationGrace what a container gets that this probe ends; empty: its pod's
 */
public record ProbeSpec(
    Kind kind,
    JsonNode action,
    Duration initialDelay,
    Duration period,
    Duration timeout,
    int successThreshold,
    int failureThreshold,
    Optional<Duration> terminationGrace) {
  public static Optional<ProbeSpec> of(JsonNode container, Kind kind) {
    JsonNode probe = container.path(kind.field());
    if (!probe.isObject()) {
      return Optional.empty();
    }
    return Optional.of(
        new ProbeSpec(
            kind,
            probe,
            Duration.ofSeconds(number(probe, "initialDelaySeconds").orElse(0L)),
            Duration.ofSeconds(Math.max(1, number(probe, "periodSeconds").orElse(10L))),
            Duration.ofSeconds(Math.max(1, number(probe, "timeoutSeconds").orElse(1L))),
            Math.toIntExact(Math.max(1, number(probe, "successThreshold").orElse(1L))),
            Math.toIntExact(Math.max(1, number(probe, "failureThreshold").orElse(3L))),
            number(probe, "terminationGracePeriodSeconds").map(Duration::ofSeconds)));
  }

  /** What the probe decides. */
  public enum Kind {
    STARTUP("startupProbe", "Startup"),
    LIVENESS("livenessProbe", "Liveness"),
    READINESS("readinessProbe", "Readiness");

    private final String field;
    private final String word;

    Kind(String field, String word) {
      this.field = field;
      this.word = word;
    }

    public String field() {
      return field;
    }

    /** As the kubelet's messages begin. */
    public String word() {
      return word;
    }
  }
}
