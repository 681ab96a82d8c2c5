package dev.ensemble.agent.runtime;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A container as the runtime knows it.
 *
 * @param imageId what the image's name stood for when the container was created
 * @param exitCode meaningful when exited
 * @param reason the runtime's word for the end: Completed, Error, OOMKilled
 */
public record ContainerState(
    String id,
    String sandboxId,
    String podUid,
    String name,
    int attempt,
    Phase phase,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int exitCode,
    String reason,
    String message,
    String image,
    String imageId,
    Map<String, String> labels,
    Map<String, String> annotations) {
  public ContainerState {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  public boolean running() {
    return phase == Phase.RUNNING;
  }

  public boolean exited() {
    return phase == Phase.EXITED;
  }

  /** Where a container is in its life. */
  public enum Phase {
    CREATED,
    RUNNING,
    EXITED,
    UNKNOWN
  }
}
