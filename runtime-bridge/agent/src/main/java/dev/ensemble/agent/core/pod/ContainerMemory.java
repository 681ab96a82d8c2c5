package dev.ensemble.agent.core.pod;

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
 * @param postStartPending its postStart hook has not ended yet
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
    boolean postStartPending,
    boolean started,
    boolean ready,
    Optional<String> condemned) {
  public static final ContainerMemory NONE =
      new ContainerMemory(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          "",
          false,
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
        false,
        startedNow,
        readyNow,
        Optional.empty());
  }

  public ContainerMemory withPostStart(String id) {
    return new ContainerMemory(
        crash, pull, waiting, retryAt, id, true, false, false, Optional.empty());
  }

  public ContainerMemory withProbes(boolean startedNow, boolean readyNow) {
    return new ContainerMemory(
        crash,
        pull,
        waiting,
        retryAt,
        containerId,
        postStartPending,
        startedNow,
        readyNow,
        condemned);
  }

  public ContainerMemory withCondemned(String why) {
    return new ContainerMemory(
        crash,
        pull,
        waiting,
        retryAt,
        containerId,
        postStartPending,
        started,
        ready,
        Optional.of(why));
  }

  public ContainerMemory withWaiting(Waiting why, Optional<Instant> retry) {
    return new ContainerMemory(
        crash,
        pull,
        Optional.of(why),
        retry,
        containerId,
        postStartPending,
        started,
        ready,
        condemned);
  }

  public ContainerMemory withCrash(Backoff backoff) {
    return new ContainerMemory(
        Optional.of(backoff),
        pull,
        waiting,
        retryAt,
        containerId,
        postStartPending,
        started,
        ready,
        condemned);
  }

  public ContainerMemory withPull(Backoff backoff) {
    return new ContainerMemory(
        crash,
        Optional.of(backoff),
        waiting,
        retryAt,
        containerId,
        postStartPending,
        started,
        ready,
        condemned);
  }

  /** The kubelet's reason and message of a waiting container. */
  public record Waiting(String reason, String message) {}
}
