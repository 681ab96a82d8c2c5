package dev.ensemble.agent.runtime;

import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Runs pods' sandboxes and containers. Every stage fails with a {@link RuntimeFailure} whose
 * category says what to do; nothing is retried here. Stop and remove are idempotent: what is absent
 * is stopped and removed. Calls may overlap; those on one container must not.
 */
public interface PodRuntime extends AutoCloseable {
  CompletionStage<RuntimeHealth> health();

  /** Everything that carries a pod's labels, running or not. */
  CompletionStage<Inventory> inventory();

  CompletionStage<String> runSandbox(PodSandboxConfig config);

  /** Fails with NOT_FOUND. */
  CompletionStage<SandboxState> sandbox(String id);

  /** Kills what runs inside and gives the address back. */
  CompletionStage<Void> stopSandbox(String id);

  CompletionStage<Void> removeSandbox(String id);

  CompletionStage<String> createContainer(
      String sandboxId, ContainerConfig config, PodSandboxConfig sandbox);

  CompletionStage<Void> startContainer(String id);

  /** Fails with NOT_FOUND. */
  CompletionStage<ContainerState> container(String id);

  /** SIGTERM (or the image's stop signal), then SIGKILL after {@code grace}. */
  CompletionStage<Void> stopContainer(String id, Duration grace);

  CompletionStage<Void> removeContainer(String id);

  CompletionStage<Void> reopenLog(String id);

  CompletionStage<List<ImageState>> images();

  CompletionStage<Optional<ImageState>> image(String reference);

  /** Answers the image's id. */
  CompletionStage<String> pullImage(String reference, Optional<RegistryLogin> login);

  CompletionStage<Void> removeImage(String reference);

  /** Runs to the end; fails with TIMEOUT. */
  CompletionStage<ExecResult> execSync(String id, List<String> command, Duration timeout);

  /** One-shot URLs of the runtime's streaming server. */
  CompletionStage<URI> exec(String id, List<String> command, StreamShape shape);

  CompletionStage<URI> attach(String id, StreamShape shape);

  CompletionStage<URI> portForward(String sandboxId, int port);

  CompletionStage<List<ContainerUsage>> usage();

  /**
   * Starts, exits and OOM kills from now on. The listener must not block. When the stream ends
   * {@code lost} is called once; the caller subscribes again and takes an inventory.
   */
  AutoCloseable subscribe(EventListener listener, Runnable lost);

  @Override
  void close();

  /** Hears what happens to containers (sandboxes too: theirs is the id then). */
  interface EventListener {
    void onEvent(RuntimeEvent event);
  }

  /** Which streams an exec or attach has. With a tty stderr is part of stdout. */
  record StreamShape(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}

  /** How to log in to the registry of an image. */
  record RegistryLogin(String username, String password, String registryToken) {}

  /** Output is bounded by the runtime (16 MiB in containerd). */
  record ExecResult(int exitCode, String stdout, String stderr) {}

  record RuntimeHealth(
      String name,
      String version,
      Optional<String> runtimeProblem,
      Optional<String> networkProblem) {}

  record ContainerUsage(String containerId, long cpuNanos, long workingSetBytes) {}
}
