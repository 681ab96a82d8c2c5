package dev.ensemble.agent.runtime;

import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.NamespaceMode;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.runtime.RuntimeFailure.Category;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A runtime in memory: containers run until they are stopped or {@link #exit} ends them. For tests
 * and for load without root; held to the real one by a contract test. A command {@code exit N}
 * (through a shell) ends at once with N.
 */
public final class SimulatedRuntime implements PodRuntime {
  private static final String ANY_IMAGE_ID = "sha256:simulated-";

  private final Map<String, SandboxState> sandboxes = new LinkedHashMap<>();
  private final Map<String, ContainerState> containers = new LinkedHashMap<>();
  private final Map<String, Integer> exitsAtOnce = new LinkedHashMap<>();
  private final Map<String, ImageState> images = new LinkedHashMap<>();
  private final List<EventListener> listeners = new CopyOnWriteArrayList<>();
  private int number;

  @Override
  public CompletionStage<RuntimeHealth> health() {
    return CompletableFuture.completedFuture(
        new RuntimeHealth("simulated", "1", Optional.empty(), Optional.empty()));
  }

  @Override
  public synchronized CompletionStage<Inventory> inventory() {
    return CompletableFuture.completedFuture(
        new Inventory(List.copyOf(sandboxes.values()), List.copyOf(containers.values())));
  }

  @Override
  public CompletionStage<String> runSandbox(PodSandboxConfig config) {
    return attempt(
        () -> {
          boolean reserved =
              sandboxes.values().stream()
                  .anyMatch(
                      s ->
                          s.podUid().equals(config.getMetadata().getUid())
                              && s.attempt() == config.getMetadata().getAttempt());
          if (reserved) {
            throw new RuntimeFailure(Category.NAME_RESERVED, "name is reserved for another");
          }
          String id = nextId();
          boolean host =
              config.getLinux().getSecurityContext().getNamespaceOptions().getNetwork()
                  == NamespaceMode.NODE;
          sandboxes.put(
              id,
              new SandboxState(
                  id,
                  config.getMetadata().getUid(),
                  config.getMetadata().getNamespace(),
                  config.getMetadata().getName(),
                  config.getMetadata().getAttempt(),
                  true,
                  Instant.now(),
                  host ? List.of() : List.of("10.255." + number / 250 + "." + (number % 250 + 1)),
                  config.getLabelsMap(),
                  config.getAnnotationsMap()));
          return id;
        });
  }

  @Override
  public CompletionStage<SandboxState> sandbox(String id) {
    return attempt(() -> known(sandboxes, id));
  }

  @Override
  public CompletionStage<Void> stopSandbox(String id) {
    return attempt(
        () -> {
          Optional.ofNullable(sandboxes.get(id))
              .ifPresent(
                  s -> {
                    containersOf(id).forEach(c -> end(c, 137));
                    sandboxes.put(
                        id,
                        new SandboxState(
                            s.id(),
                            s.podUid(),
                            s.podNamespace(),
                            s.podName(),
                            s.attempt(),
                            false,
                            s.createdAt(),
                            s.ips(),
                            s.labels(),
                            s.annotations()));
                  });
          return null;
        });
  }

  @Override
  public CompletionStage<Void> removeSandbox(String id) {
    return attempt(
        () -> {
          containersOf(id).forEach(c -> containers.remove(c.id()));
          sandboxes.remove(id);
          return null;
        });
  }

  private List<ContainerState> containersOf(String sandboxId) {
    return containers.values().stream().filter(c -> c.sandboxId().equals(sandboxId)).toList();
  }

  @Override
  public CompletionStage<String> createContainer(
      String sandboxId, ContainerConfig config, PodSandboxConfig sandbox) {
    return attempt(
        () -> {
          SandboxState inside = known(sandboxes, sandboxId);
          if (!inside.ready()) {
            throw new RuntimeFailure(Category.NOT_FOUND, "no running task found");
          }
          boolean reserved =
              containers.values().stream()
                  .anyMatch(
                      c ->
                          c.podUid().equals(inside.podUid())
                              && c.name().equals(config.getMetadata().getName())
                              && c.attempt() == config.getMetadata().getAttempt());
          if (reserved) {
            throw new RuntimeFailure(Category.NAME_RESERVED, "name is reserved for another");
          }
          String id = nextId();
          containers.put(
              id,
              new ContainerState(
                  id,
                  sandboxId,
                  inside.podUid(),
                  config.getMetadata().getName(),
                  config.getMetadata().getAttempt(),
                  ContainerState.Phase.CREATED,
                  Instant.now(),
                  Optional.empty(),
                  Optional.empty(),
                  0,
                  "",
                  "",
                  config.getImage().getImage(),
                  config.getImage().getImage(),
                  config.getLabelsMap(),
                  config.getAnnotationsMap()));
          String command = String.join(" ", config.getCommandList());
          int at = command.lastIndexOf("exit ");
          if (at >= 0) {
            exitsAtOnce.put(id, Integer.parseInt(command.substring(at + 5).trim()));
          }
          return id;
        });
  }

  @Override
  public CompletionStage<Void> startContainer(String id) {
    return attempt(
        () -> {
          ContainerState created = known(containers, id);
          if (created.phase() != ContainerState.Phase.CREATED) {
            throw new RuntimeFailure(Category.REFUSED, "container is not in created state");
          }
          containers.put(
              id,
              changed(created, ContainerState.Phase.RUNNING, Optional.of(Instant.now()), 0, ""));
          tell(new RuntimeEvent(id, RuntimeEvent.Kind.STARTED));
          Optional.ofNullable(exitsAtOnce.remove(id))
              .ifPresent(code -> end(containers.get(id), code));
          return null;
        });
  }

  /** Ends a running container from outside. */
  public synchronized void exit(String id, int code) {
    end(known(containers, id), code);
  }

  private void end(ContainerState container, int code) {
    if (container.running()) {
      containers.put(
          container.id(),
          changed(
              container,
              ContainerState.Phase.EXITED,
              container.startedAt(),
              code,
              code == 0 ? "Completed" : "Error"));
      tell(new RuntimeEvent(container.id(), RuntimeEvent.Kind.EXITED));
    }
  }

  private static ContainerState changed(
      ContainerState from,
      ContainerState.Phase phase,
      Optional<Instant> startedAt,
      int exitCode,
      String reason) {
    return new ContainerState(
        from.id(),
        from.sandboxId(),
        from.podUid(),
        from.name(),
        from.attempt(),
        phase,
        from.createdAt(),
        startedAt,
        phase == ContainerState.Phase.EXITED ? Optional.of(Instant.now()) : Optional.empty(),
        exitCode,
        reason,
        "",
        from.image(),
        from.imageId(),
        from.labels(),
        from.annotations());
  }

  private void tell(RuntimeEvent event) {
    listeners.forEach(listener -> listener.onEvent(event));
  }

  @Override
  public CompletionStage<ContainerState> container(String id) {
    return attempt(() -> known(containers, id));
  }

  @Override
  public CompletionStage<Void> stopContainer(String id, Duration grace) {
    return attempt(
        () -> {
          Optional.ofNullable(containers.get(id))
              .ifPresent(c -> end(c, grace.isZero() ? 137 : 143));
          return null;
        });
  }

  @Override
  public CompletionStage<Void> removeContainer(String id) {
    return attempt(
        () -> {
          containers.remove(id);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> reopenLog(String id) {
    return attempt(
        () -> {
          if (!known(containers, id).running()) {
            throw new RuntimeFailure(Category.REFUSED, "container is not running");
          }
          return null;
        });
  }

  @Override
  public synchronized CompletionStage<List<ImageState>> images() {
    return CompletableFuture.completedFuture(new ArrayList<>(images.values()));
  }

  @Override
  public synchronized CompletionStage<Optional<ImageState>> image(String reference) {
    return CompletableFuture.completedFuture(Optional.ofNullable(images.get(reference)));
  }

  /** Every image exists, but those of the registry {@code absent.invalid}. */
  @Override
  public CompletionStage<String> pullImage(String reference, Optional<RegistryLogin> login) {
    return attempt(
        () -> {
          if (reference.startsWith("absent.invalid/")) {
            throw new RuntimeFailure(Category.NOT_FOUND, reference + ": not found");
          }
          String id = ANY_IMAGE_ID + Integer.toHexString(reference.hashCode());
          images.put(
              reference,
              new ImageState(
                  id, List.of(reference), List.of(), 1 << 20, OptionalLong.of(0), "", false));
          return id;
        });
  }

  @Override
  public CompletionStage<Void> removeImage(String reference) {
    return attempt(
        () -> {
          images.remove(reference);
          return null;
        });
  }

  @Override
  public CompletionStage<ExecResult> execSync(String id, List<String> command, Duration timeout) {
    return attempt(
        () -> {
          if (!known(containers, id).running()) {
            throw new RuntimeFailure(Category.REFUSED, "container is not running");
          }
          return new ExecResult(0, "", "");
        });
  }

  @Override
  public CompletionStage<URI> exec(String id, List<String> command, StreamShape shape) {
    return noStreams();
  }

  @Override
  public CompletionStage<URI> attach(String id, StreamShape shape) {
    return noStreams();
  }

  @Override
  public CompletionStage<URI> portForward(String sandboxId, int port) {
    return noStreams();
  }

  private static CompletionStage<URI> noStreams() {
    return CompletableFuture.failedFuture(
        new RuntimeFailure(Category.REFUSED, "a simulated runtime has no streams"));
  }

  @Override
  public synchronized CompletionStage<List<ContainerUsage>> usage() {
    return CompletableFuture.completedFuture(
        containers.values().stream()
            .filter(ContainerState::running)
            .map(c -> new ContainerUsage(c.id(), 0, 0))
            .toList());
  }

  @Override
  public AutoCloseable subscribe(EventListener listener, Runnable lost) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    listeners.clear();
  }

  private String nextId() {
    return "simulated-" + number++;
  }

  private static <T> T known(Map<String, T> things, String id) {
    return Optional.ofNullable(things.get(id))
        .orElseThrow(() -> new RuntimeFailure(Category.NOT_FOUND, id + ": not found"));
  }

  private synchronized <T> CompletionStage<T> attempt(Supplier<T> call) {
    try {
      return CompletableFuture.completedFuture(call.get());
    } catch (RuntimeFailure e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
