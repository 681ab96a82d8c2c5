package dev.ensemble.loadtest.webapp;

import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.CreateContainerRequest;
import dev.ensemble.agent.cri.v1.CreateContainerResponse;
import dev.ensemble.agent.cri.v1.RemovePodSandboxRequest;
import dev.ensemble.agent.cri.v1.RunPodSandboxRequest;
import dev.ensemble.agent.cri.v1.RunPodSandboxResponse;
import dev.ensemble.agent.cri.v1.StartContainerRequest;
import dev.ensemble.agent.cri.v1.StopPodSandboxRequest;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Pods made by CRI calls alone: all pods at once, and in each pod all containers at once. */
final class DirectPods implements AutoCloseable {
  private final Cri cri;
  private final Queue<String> sandboxes = new ConcurrentLinkedQueue<>();

  DirectPods(Cri cri) {
    this.cri = cri;
  }

  /** Nanoseconds until the last container runs. */
  long run(List<PodCopy> pods) {
    long began = System.nanoTime();
    CompletableFuture.allOf(pods.stream().map(this::run).toArray(CompletableFuture[]::new)).join();
    return System.nanoTime() - began;
  }

  private CompletableFuture<Void> run(PodCopy pod) {
    return Cri.stage(
            cri.runtime()
                .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(pod.sandbox()).build()))
        .thenApply(RunPodSandboxResponse::getPodSandboxId)
        .thenCompose(
            id -> {
              sandboxes.add(id);
              return CompletableFuture.allOf(
                  pod.containers().stream()
                      .map(container -> start(pod, id, container))
                      .toArray(CompletableFuture[]::new));
            });
  }

  private CompletableFuture<?> start(PodCopy pod, String sandbox, ContainerConfig container) {
    return Cri.stage(
            cri.runtime()
                .createContainer(
                    CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setConfig(container)
                        .setSandboxConfig(pod.sandbox())
                        .build()))
        .thenApply(CreateContainerResponse::getContainerId)
        .thenCompose(
            id ->
                Cri.stage(
                    cri.runtime()
                        .startContainer(
                            StartContainerRequest.newBuilder().setContainerId(id).build())));
  }

  /** Ends and removes what was made. */
  @Override
  public void close() {
    for (String id = sandboxes.poll(); id != null; id = sandboxes.poll()) {
      Cri.stage(
              cri.runtime()
                  .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build()))
          .join();
      Cri.stage(
              cri.runtime()
                  .removePodSandbox(
                      RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build()))
          .join();
    }
  }
}
