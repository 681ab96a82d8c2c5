package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.has;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.PodAction;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory.Ending;
import dev.ensemble.agent.pod.EventSink.Severity;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.RuntimeFailure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One end of a container: preStop hook, stop signal, and SIGKILL when the grace is over. */
final class ContainerKill {
  private final PodServices services;
  private final PodDefinition pod;
  private final PodFacts facts;
  private final PodAction.KillContainer action;

  ContainerKill(
      PodServices services, PodDefinition pod, PodFacts facts, PodAction.KillContainer action) {
    this.services = services;
    this.pod = pod;
    this.facts = facts;
    this.action = action;
  }

  /** Fails when the container could not be stopped; one that is gone is stopped. */
  CompletionStage<Outcome> run() {
    services.events().emit(pod, action.name(), Severity.NORMAL, "Killing", action.why());
    Ending timed = new Ending(action.grace(), false, "", "", services.clock().instant());
    String sandboxId = facts.byId(action.id()).map(ContainerState::sandboxId).orElse("");
    return preStop()
        .thenCompose(
            done ->
                services
                    .runtime()
                    .stopContainer(action.id(), timed.left(services.clock().instant())))
        .thenCompose(done -> services.states().read(pod, action.id(), sandboxId))
        .thenApply(state -> Outcome.facts(action, f -> f.with(state)))
        .exceptionallyCompose(
            failure -> {
              Throwable cause = ContainerStart.cause(failure);
              boolean gone =
                  cause instanceof RuntimeFailure runtime
                      && runtime.category() == RuntimeFailure.Category.NOT_FOUND;
              return gone
                  ? CompletableFuture.completedFuture(
                      Outcome.facts(action, f -> f.withoutContainer(action.id())))
                  : CompletableFuture.failedFuture(cause);
            });
  }

  /** A hook that fails or takes all the grace does not keep the container from being stopped. */
  private CompletionStage<Void> preStop() {
    Optional<JsonNode> container = pod.container(action.name());
    if (container.filter(c -> has(c, "lifecycle", "preStop")).isEmpty()
        || action.grace().isZero()) {
      return CompletableFuture.completedFuture(null);
    }
    return services
        .hooks()
        .run(
            at(container.get(), "lifecycle", "preStop"),
            container.get(),
            action.id(),
            address(),
            action.grace())
        .handle(
            (done, failure) -> {
              if (failure != null) {
                services
                    .events()
                    .emit(
                        pod,
                        action.name(),
                        Severity.WARNING,
                        "FailedPreStopHook",
                        "PreStopHook failed: " + ContainerStart.cause(failure).getMessage());
              }
              return null;
            });
  }

  private String address() {
    return (pod.hostNetwork()
            ? services.sources().get().node().hostIps().stream().findFirst()
            : facts.readySandbox().flatMap(s -> s.ips().stream().findFirst()))
        .orElse("127.0.0.1");
  }
}
