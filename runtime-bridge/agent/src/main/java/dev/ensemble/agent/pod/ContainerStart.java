package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.find;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.Backoff;
import dev.ensemble.agent.core.pod.ContainerConfigs;
import dev.ensemble.agent.core.pod.ContainerMemory;
import dev.ensemble.agent.core.pod.EnvironmentRules;
import dev.ensemble.agent.core.pod.GoDuration;
import dev.ensemble.agent.core.pod.ImagePullLogin;
import dev.ensemble.agent.core.pod.PodAction;
import dev.ensemble.agent.core.pod.PodConfigException;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory;
import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.pod.EventSink.Severity;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.SandboxState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One start of a container: image, creation, start, postStart hook. */
final class ContainerStart {
  /** A hook that takes longer has failed. */
  private static final Duration POST_START_TIMEOUT = Duration.ofMinutes(10);

  private final PodServices services;
  private final PodDefinition pod;
  private final PodAction.StartContainer action;
  private final PodFacts facts;
  private final SandboxState sandbox;
  private final PodSandboxConfig sandboxConfig;
  private final ContainerMemory memory;
  private final StartTicket ticket;

  ContainerStart(
      PodServices services,
      PodDefinition pod,
      PodAction.StartContainer action,
      PodFacts facts,
      PodSandboxConfig sandboxConfig,
      ContainerMemory memory,
      StartTicket ticket) {
    this.services = services;
    this.pod = pod;
    this.action = action;
    this.facts = facts;
    this.sandbox = facts.readySandbox().orElseThrow();
    this.sandboxConfig = sandboxConfig;
    this.memory = memory;
    this.ticket = ticket;
  }

  /** The running container; fails with a {@link StartFailure}. */
  CompletionStage<ContainerState> run() {
    return image().thenCompose(this::create).thenCompose(this::start).thenCompose(this::postStart);
  }

  private CompletionStage<ImageState> image() {
    String reference = text(action.container(), "image");
    String policy = pullPolicy(reference);
    Optional<String> problem = ImagePullLogin.problem(reference);
    if (problem.isPresent()) {
      return CompletableFuture.failedFuture(
          imageFailure(
              "InvalidImageName",
              "Failed to apply default image tag \""
                  + reference
                  + "\": couldn't parse image name \""
                  + reference
                  + "\": "
                  + problem.get()));
    }
    return services
        .images()
        .find(reference)
        .exceptionally(
            failure -> {
              throw imageFailure(
                  "ImageInspectError",
                  "Failed to inspect image \"" + reference + "\": " + cause(failure).getMessage());
            })
        .thenCompose(
            found -> {
              if (found.isPresent() && !policy.equals("Always")) {
                emit(
                    Severity.NORMAL,
                    "Pulled",
                    "Container image \"" + reference + "\" already present on machine");
                return CompletableFuture.completedFuture(found.get());
              }
              if (policy.equals("Never")) {
                String message =
                    "Container image \""
                        + reference
                        + "\" is not present with pull policy of Never";
                emit(Severity.WARNING, "ErrImageNeverPull", message);
                throw new StartFailure("ErrImageNeverPull", message, "");
              }
              return pull(reference);
            });
  }

  private StartFailure imageFailure(String reason, String message) {
    emit(Severity.WARNING, "InspectFailed", message);
    return new StartFailure(reason, message, "");
  }

  private String pullPolicy(String reference) {
    String name = reference.substring(reference.lastIndexOf('/') + 1);
    boolean latest = !name.contains("@") && (!name.contains(":") || name.endsWith(":latest"));
    return find(action.container(), "imagePullPolicy").orElse(latest ? "Always" : "IfNotPresent");
  }

  private CompletionStage<ImageState> pull(String reference) {
    Optional<Instant> allowed =
        memory
            .pull()
            .flatMap(b -> Backoff.until(Optional.of(b), b.usedAt(), services.clock().instant()));
    if (allowed.isPresent()) {
      String message = "Back-off pulling image \"" + reference + "\"";
      emit(Severity.NORMAL, "BackOff", message);
      String why =
          memory
              .waiting()
              .filter(waiting -> waiting.reason().equals("ErrImagePull"))
              .map(waiting -> ": ErrImagePull: " + waiting.message())
              .orElse("");
      throw new StartFailure("ImagePullBackOff", message + why, "");
    }
    emit(Severity.NORMAL, "Pulling", "Pulling image \"" + reference + "\"");
    Instant begun = services.clock().instant();
    return ticket
        .whileValid(
            services
                .images()
                .pull(reference, ImagePullLogin.of(pod, reference, services.sources().get())))
        .handle(
            (pulled, failure) -> {
              if (failure == null) {
                Duration whole = Duration.between(begun, services.clock().instant());
                pulled(reference, pulled, whole);
                return pulled.image();
              }
              if (cause(failure) instanceof StartFailure cancelled) {
                throw cancelled;
              }
              String message = String.valueOf(cause(failure).getMessage());
              emit(
                  Severity.WARNING,
                  "Failed",
                  "Failed to pull image \"" + reference + "\": " + message);
              throw new StartFailure("ErrImagePull", message, "");
            });
  }

  private void pulled(String reference, Images.Pulled pulled, Duration whole) {
    emit(
        Severity.NORMAL,
        "Pulled",
        "Successfully pulled image \""
            + reference
            + "\" in "
            + GoDuration.text(pulled.took())
            + " ("
            + GoDuration.text(whole)
            + " including waiting). Image size: "
            + pulled.image().sizeBytes()
            + " bytes.");
  }

  private CompletionStage<String> create(ImageState image) {
    return CompletableFuture.supplyAsync(() -> config(image), services.io())
        .thenCompose(
            config ->
                services
                    .runtime()
                    .createContainer(sandbox.id(), config, sandboxConfig)
                    .exceptionally(
                        failure -> {
                          throw new StartFailure(
                              "CreateContainerError", cause(failure).getMessage(), "");
                        }))
        .thenApply(
            id -> {
              emit(Severity.NORMAL, "Created", "Container created");
              return id;
            });
  }

  private ContainerConfig config(ImageState image) {
    if (ticket.isCancelled()) {
      throw new StartFailure("ContainerCreating", "", "");
    }
    JsonNode container = action.container();
    try {
      PodSources sources = services.sources().get();
      Map<String, String> environment =
          EnvironmentRules.of(pod, container, sources, podIps(sources));
      ContainerConfig config =
          ContainerConfigs.of(
              pod,
              container,
              action.attempt(),
              image,
              environment,
              services.volumes().mounts(pod, container, action.attempt(), environment),
              sources.node());
      return find(container, "targetContainerName")
          .filter(name -> !name.isEmpty())
          .map(name -> ContainerConfigs.inProcessesOf(config, target(name)))
          .orElse(config);
    } catch (PodConfigException e) {
      throw new StartFailure(PodMemory.CONFIG_ERROR, e.getMessage(), "");
    } catch (IOException e) {
      throw new StartFailure("CreateContainerError", e.toString(), "");
    }
  }

  private String target(String name) {
    return facts
        .current(name)
        .map(ContainerState::id)
        .orElseThrow(() -> new PodConfigException("unable to find target container " + name));
  }

  private List<String> podIps(PodSources sources) {
    return pod.hostNetwork() ? sources.node().hostIps() : sandbox.ips();
  }

  private CompletionStage<String> start(String id) {
    return services
        .runtime()
        .startContainer(id)
        .handle(
            (nothing, failure) -> {
              if (failure != null) {
                throw new StartFailure("RunContainerError", cause(failure).getMessage(), id);
              }
              emit(Severity.NORMAL, "Started", "Container started");
              return id;
            });
  }

  private CompletionStage<ContainerState> postStart(String id) {
    JsonNode container = action.container();
    CompletionStage<Void> hook = CompletableFuture.completedFuture(null);
    if (has(container, "lifecycle", "postStart")) {
      // A deletion does not wait for the hook: the container is ended as any other then.
      hook =
          ticket.whileValid(
              services
                  .hooks()
                  .run(
                      at(container, "lifecycle", "postStart"),
                      container,
                      id,
                      podIps(services.sources().get()).stream().findFirst().orElse("127.0.0.1"),
                      POST_START_TIMEOUT));
    }
    return hook.handle(
            (nothing, failure) -> {
              if (failure == null || cause(failure) instanceof StartFailure) {
                return CompletableFuture.<Void>completedFuture(null);
              }
              emit(
                  Severity.WARNING,
                  "FailedPostStartHook",
                  "PostStartHook failed: " + cause(failure).getMessage());
              emit(Severity.NORMAL, "Killing", "FailedPostStartHook");
              return services.runtime().stopContainer(id, pod.terminationGrace());
            })
        .thenCompose(stop -> stop)
        .thenCompose(nothing -> services.states().read(pod, id, sandbox.id()));
  }

  private void emit(Severity severity, String reason, String message) {
    services.events().emit(pod, nameOf(action.container()), severity, reason, message);
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
