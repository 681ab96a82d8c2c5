package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import dev.ensemble.agent.core.pod.Backoff;
import dev.ensemble.agent.core.pod.ContainerMemory;
import dev.ensemble.agent.core.pod.ContainerMemory.Waiting;
import dev.ensemble.agent.core.pod.HostsFile;
import dev.ensemble.agent.core.pod.PodAction;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory;
import dev.ensemble.agent.core.pod.PodResources;
import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.core.pod.SandboxConfigs;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.pod.EventSink.Severity;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.RuntimeFailure;
import dev.ensemble.agent.runtime.SandboxState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Carries out a plan's actions. A stage never fails: what went wrong is part of its outcome. */
final class PodActions {
  /** Between tries of what fails for reasons that may pass, as the kubelet's pod workers wait. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** A failed pull is shown as such for a moment, then as a backoff. */
  private static final Duration SHOW_FAILURE = Duration.ofSeconds(1);

  /** Names left reserved by a crash are stepped over this often. */
  private static final int RESERVED_NAMES_MAX = 5;

  /** Events say the reason only: the message has an event of its own. */
  private static final Set<String> OF_IMAGES =
      Set.of(
          "ErrImagePull",
          "ErrImageNeverPull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ImageInspectError");

  private final PodServices services;
  private final PodRemoval removal;

  PodActions(PodServices services) {
    this.services = services;
    this.removal = new PodRemoval(services);
  }

  CompletionStage<Outcome> carryOut(
      PodAction action, PodDefinition pod, PodFacts facts, PodMemory memory, StartTicket ticket) {
    CompletionStage<Outcome> outcome;
    if (action instanceof PodAction.Prepare) {
      outcome = CompletableFuture.supplyAsync(() -> prepare(action, pod), services.io());
    } else if (action instanceof PodAction.CreateSandbox create) {
      outcome = createSandbox(create, pod, facts);
    } else if (action instanceof PodAction.StopSandbox stop) {
      outcome =
          services
              .runtime()
              .stopSandbox(stop.id())
              .thenApply(done -> Outcome.facts(action, f -> f.withStopped(stop.id())));
    } else if (action instanceof PodAction.RemoveSandbox remove) {
      outcome = removal.sandbox(remove, facts);
    } else if (action instanceof PodAction.CollectSandbox collect) {
      outcome =
          services
              .runtime()
              .removeSandbox(collect.id())
              .thenApply(done -> Outcome.facts(action, f -> f.withoutSandbox(collect.id())));
    } else if (action instanceof PodAction.StartContainer start) {
      outcome = start(start, pod, facts, memory, ticket);
    } else if (action instanceof PodAction.KillContainer kill) {
      outcome = new ContainerKill(services, pod, facts, kill).run();
    } else if (action instanceof PodAction.RemoveContainer remove) {
      outcome = removal.container(remove, pod, facts);
    } else {
      outcome = CompletableFuture.supplyAsync(() -> removal.cleanUp(action, pod), services.io());
    }
    return outcome.exceptionally(failure -> failed(action, pod, ContainerStart.cause(failure)));
  }

  private Outcome failed(PodAction action, PodDefinition pod, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (action instanceof PodAction.Prepare) {
      services.events().emit(pod, "", Severity.WARNING, "FailedMount", message);
    } else if (action instanceof PodAction.CreateSandbox) {
      services
          .events()
          .emit(
              pod,
              "",
              Severity.WARNING,
              "FailedCreatePodSandBox",
              "Failed to create pod sandbox: " + message);
    } else {
      services
          .events()
          .emit(pod, "", Severity.WARNING, "FailedKillPod", "error killing pod: " + message);
    }
    Instant again = services.clock().instant().plus(RETRY);
    return Outcome.memory(action, memory -> memory.retry(action.key(), again));
  }

  private Outcome prepare(PodAction action, PodDefinition pod) {
    try {
      Files.createDirectories(services.folders().pod(pod.uid()));
      Files.createDirectories(services.folders().logs(pod));
      if (services.cgroups().isPresent()) {
        services.cgroups().get().create(cgroupOf(pod).orElseThrow(), PodResources.ofPod(pod));
      }
      services.volumes().prepare(pod, services.sources().get());
      return Outcome.memory(action, memory -> memory.withPrepared(true));
    } catch (IOException e) {
      throw new UncheckedIOException(e.toString(), e);
    }
  }

  private Optional<String> cgroupOf(PodDefinition pod) {
    return services.cgroups().map(c -> c.pathOf(pod.uid(), PodResources.qosClass(pod)));
  }

  private PodSandboxConfig sandboxConfig(PodDefinition pod, int attempt) {
    return SandboxConfigs.of(
        pod,
        attempt,
        services.sources().get().node(),
        services.folders().logs(pod).toString(),
        cgroupOf(pod).orElse(""));
  }

  private CompletionStage<Outcome> createSandbox(
      PodAction.CreateSandbox action, PodDefinition pod, PodFacts facts) {
    CompletionStage<Void> stopOld = CompletableFuture.completedFuture(null);
    for (SandboxState old : facts.sandboxes()) {
      stopOld = stopOld.thenCompose(done -> services.runtime().stopSandbox(old.id()));
    }
    return stopOld
        .thenCompose(done -> runSandbox(pod, action.attempt(), RESERVED_NAMES_MAX))
        .thenCompose(id -> services.runtime().sandbox(id))
        .thenApplyAsync(
            sandbox -> {
              writeHosts(pod, sandbox);
              return Outcome.facts(action, f -> f.with(sandbox));
            },
            services.io());
  }

  private CompletionStage<String> runSandbox(PodDefinition pod, int attempt, int stepsLeft) {
    return services
        .runtime()
        .runSandbox(sandboxConfig(pod, attempt))
        .handle(
            (id, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(id);
              }
              Throwable cause = ContainerStart.cause(failure);
              if (stepsLeft > 0
                  && cause instanceof RuntimeFailure runtime
                  && runtime.category() == RuntimeFailure.Category.NAME_RESERVED) {
                return runSandbox(pod, attempt + 1, stepsLeft - 1);
              }
              return CompletableFuture.<String>failedFuture(cause);
            })
        .thenCompose(stage -> stage);
  }

  private void writeHosts(PodDefinition pod, SandboxState sandbox) {
    PodSources.NodeFacts node = services.sources().get().node();
    try {
      Path hostFile = Path.of("/etc/hosts");
      String own = Files.exists(hostFile) ? Files.readString(hostFile) : "";
      Files.writeString(
          services.folders().hosts(pod.uid()),
          HostsFile.of(pod, sandbox.ips(), own, node.clusterDomain()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.toString(), e);
    }
  }

  private CompletionStage<Outcome> start(
      PodAction.StartContainer action,
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      StartTicket ticket) {
    String name = nameOf(action.container());
    SandboxState sandbox = facts.readySandbox().orElseThrow();
    Optional<ContainerState> before = facts.current(name);
    ContainerMemory remembered = memory.container(name);
    Instant now = services.clock().instant();
    Optional<Backoff> crash =
        before
            .flatMap(ContainerState::finishedAt)
            .map(finished -> Backoff.next(remembered.crash(), finished, now));
    return new ContainerStart(
            services, pod, action, facts, sandboxConfig(pod, sandbox.attempt()), remembered, ticket)
        .run()
        .thenApply(state -> new Outcome(action, f -> f.with(state), m -> started(m, name, crash)))
        .exceptionallyCompose(
            failure -> notStarted(action, pod, sandbox, crash, ContainerStart.cause(failure)));
  }

  private static PodMemory started(PodMemory memory, String name, Optional<Backoff> crash) {
    ContainerMemory container = memory.container(name).withoutWaiting();
    return memory.with(name, crash.map(container::withCrash).orElse(container));
  }

  private CompletionStage<Outcome> notStarted(
      PodAction.StartContainer action,
      PodDefinition pod,
      SandboxState sandbox,
      Optional<Backoff> crash,
      Throwable failure) {
    StartFailure known =
        failure instanceof StartFailure given
            ? given
            : new StartFailure("CreateContainerError", String.valueOf(failure.getMessage()), "");
    String name = nameOf(action.container());
    boolean cancelled = known.reason().equals("ContainerCreating");
    if (!cancelled) {
      String detail = OF_IMAGES.contains(known.reason()) ? known.reason() : known.getMessage();
      services.events().emit(pod, name, Severity.WARNING, "Failed", "Error: " + detail);
    }
    Outcome remembered =
        Outcome.memory(
            action,
            memory -> {
              ContainerMemory grown = grown(memory.container(name), known, crash);
              return memory.with(
                  name,
                  grown.withWaiting(
                      new Waiting(known.reason(), known.getMessage()), retryAt(grown, known)));
            });
    if (known.containerId().isEmpty()) {
      return CompletableFuture.completedFuture(remembered);
    }
    return services
        .states()
        .read(pod, known.containerId(), sandbox.id())
        .handle(
            (state, unread) ->
                unread == null
                    ? new Outcome(action, f -> f.with(state), remembered.memory())
                    : remembered);
  }

  private ContainerMemory grown(
      ContainerMemory memory, StartFailure failure, Optional<Backoff> crash) {
    ContainerMemory grown = crash.map(memory::withCrash).orElse(memory);
    if (failure.reason().equals("ErrImagePull")) {
      Instant now = services.clock().instant();
      return grown.withPull(Backoff.next(grown.pull(), now, now));
    }
    return grown;
  }

  private Optional<Instant> retryAt(ContainerMemory memory, StartFailure failure) {
    Instant now = services.clock().instant();
    return switch (failure.reason()) {
      case "ErrImagePull" -> Optional.of(now.plus(SHOW_FAILURE));
      case "ImagePullBackOff" ->
          memory.pull().flatMap(b -> Backoff.until(Optional.of(b), b.usedAt(), now));
      // The dead container's crash backoff rules.
      case "RunContainerError" -> Optional.empty();
      default -> Optional.of(now.plus(RETRY));
    };
  }
}
