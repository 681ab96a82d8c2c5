package dev.ensemble.agent.core.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What only the agent knows of a container.
 *
 * @param crash grows with each restart
 * @param pull grows with each failed pull
 * @param waiting why it is not running, if that is known
 * @param retryAt not to be started before, after a failed start
 * @param containerId the incarnation that the fields below speak of
 * @param started its startup probe succeeded, or it has none
 * @param ready its readiness probe's last verdict; true without one
 * @param condemned why it must be killed and started again
 */
public record ContainerMemory(
    Optional<Backoff> crash,
    Optional<Backoff> pull,
    Optional<Waiting> waiting,
    Optional<Instant> retryAt,
    String containerId,
    boolean started,
    boolean ready,
    Optional<Condemned> condemned) {
  public static final ContainerMemory NONE =
      new ContainerMemory(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          "",
          false,
          false,
          Optional.empty());

  /** The container started or was found running. */
  public ContainerMemory running(String id, boolean startedNow, boolean readyNow) {
    return new ContainerMemory(
        crash,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        id,
        startedNow,
        readyNow,
        Optional.empty());
  }

  public ContainerMemory withProbes(boolean startedNow, boolean readyNow) {
    return new ContainerMemory(
        crash, pull, waiting, retryAt, containerId, startedNow, readyNow, condemned);
  }

  public ContainerMemory withCondemned(Condemned why) {
    return new ContainerMemory(
        crash, pull, waiting, retryAt, containerId, started, ready, Optional.of(why));
  }

  public ContainerMemory withWaiting(Waiting why, Optional<Instant> retry) {
    return new ContainerMemory(
        crash, pull, Optional.of(why), retry, containerId, started, ready, condemned);
  }

  /** It was started: what it waited for is over, even if it has ended again since. */
  public ContainerMemory withoutWaiting() {
    return new ContainerMemory(
        crash,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        containerId,
        started,
        ready,
        condemned);
  }

  public ContainerMemory withCrash(Backoff backoff) {
    return new ContainerMemory(
        Optional.of(backoff), pull, waiting, retryAt, containerId, started, ready, condemned);
  }

  public ContainerMemory withPull(Backoff backoff) {
    return new ContainerMemory(
        crash, Optional.of(backoff), waiting, retryAt, containerId, started, ready, condemned);
  }

  /** The kubelet's reason and message of a waiting container. */
  public record Waiting(String reason, String message) {}

  /**
   * A failed probe's sentence.
   *
   * @param grace the probe's own; empty: the pod's
   */
  public record Condemned(String why, Optional<Duration> grace) {}
}
