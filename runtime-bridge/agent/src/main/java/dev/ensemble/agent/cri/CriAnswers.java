package dev.ensemble.agent.cri;

import dev.ensemble.agent.cri.v1.ContainerStats;
import dev.ensemble.agent.cri.v1.ContainerStatus;
import dev.ensemble.agent.cri.v1.ContainerStatusResponse;
import dev.ensemble.agent.cri.v1.ExecSyncResponse;
import dev.ensemble.agent.cri.v1.Image;
import dev.ensemble.agent.cri.v1.PodIP;
import dev.ensemble.agent.cri.v1.PodSandboxState;
import dev.ensemble.agent.cri.v1.PodSandboxStatus;
import dev.ensemble.agent.cri.v1.PodSandboxStatusResponse;
import dev.ensemble.agent.cri.v1.StatusResponse;
import dev.ensemble.agent.cri.v1.VersionResponse;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.Labels;
import dev.ensemble.agent.runtime.PodRuntime.ContainerUsage;
import dev.ensemble.agent.runtime.PodRuntime.ExecResult;
import dev.ensemble.agent.runtime.PodRuntime.RuntimeHealth;
import dev.ensemble.agent.runtime.SandboxState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** CRI's answers as the port's records. */
final class CriAnswers {
  private CriAnswers() {}

  static RuntimeHealth health(VersionResponse version, StatusResponse status) {
    return new RuntimeHealth(
        version.getRuntimeName(),
        version.getRuntimeVersion(),
        problem(status, "RuntimeReady"),
        problem(status, "NetworkReady"));
  }

  private static Optional<String> problem(StatusResponse status, String type) {
    return status.getStatus().getConditionsList().stream()
        .filter(condition -> condition.getType().equals(type) && !condition.getStatus())
        .map(condition -> condition.getReason() + ": " + condition.getMessage())
        .findFirst();
  }

  static SandboxState sandbox(PodSandboxStatusResponse answer) {
    PodSandboxStatus status = answer.getStatus();
    List<String> ips = new ArrayList<>();
    if (!status.getNetwork().getIp().isEmpty()) {
      ips.add(status.getNetwork().getIp());
    }
    for (PodIP more : status.getNetwork().getAdditionalIpsList()) {
      ips.add(more.getIp());
    }
    return new SandboxState(
        status.getId(),
        status.getMetadata().getUid(),
        status.getMetadata().getNamespace(),
        status.getMetadata().getName(),
        status.getMetadata().getAttempt(),
        status.getState() == PodSandboxState.SANDBOX_READY,
        instant(status.getCreatedAt()),
        ips,
        status.getLabelsMap(),
        status.getAnnotationsMap());
  }

  static ContainerState container(ContainerStatusResponse answer, String sandboxId) {
    ContainerStatus status = answer.getStatus();
    return new ContainerState(
        status.getId(),
        sandboxId,
        status.getLabelsOrDefault(Labels.POD_UID, ""),
        status.getMetadata().getName(),
        status.getMetadata().getAttempt(),
        phase(status),
        instant(status.getCreatedAt()),
        moment(status.getStartedAt()),
        moment(status.getFinishedAt()),
        status.getExitCode(),
        status.getReason(),
        status.getMessage(),
        status.getImage().getImage(),
        status.getImageRef(),
        status.getLabelsMap(),
        status.getAnnotationsMap());
  }

  private static ContainerState.Phase phase(ContainerStatus status) {
    return switch (status.getState()) {
      case CONTAINER_CREATED -> ContainerState.Phase.CREATED;
      case CONTAINER_RUNNING -> ContainerState.Phase.RUNNING;
      case CONTAINER_EXITED -> ContainerState.Phase.EXITED;
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerState.Phase.UNKNOWN;
    };
  }

  static ImageState image(Image image) {
    return new ImageState(
        image.getId(),
        image.getRepoTagsList(),
        image.getRepoDigestsList(),
        image.getSize(),
        image.hasUid() ? OptionalLong.of(image.getUid().getValue()) : OptionalLong.empty(),
        image.getUsername(),
        image.getPinned());
  }

  static ExecResult exec(ExecSyncResponse answer) {
    return new ExecResult(
        answer.getExitCode(), answer.getStdout().toStringUtf8(), answer.getStderr().toStringUtf8());
  }

  static ContainerUsage usage(ContainerStats stats) {
    return new ContainerUsage(
        stats.getAttributes().getId(),
        stats.getCpu().getUsageCoreNanoSeconds().getValue(),
        stats.getMemory().getWorkingSetBytes().getValue());
  }

  private static Instant instant(long nanos) {
    long second = TimeUnit.SECONDS.toNanos(1);
    return Instant.ofEpochSecond(Math.floorDiv(nanos, second), Math.floorMod(nanos, second));
  }

  private static Optional<Instant> moment(long nanos) {
    return nanos <= 0 ? Optional.empty() : Optional.of(instant(nanos));
  }
}
