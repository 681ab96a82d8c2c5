package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodAction;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.runtime.ContainerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Removes what a pod leaves: dead containers with their logs, sandboxes, and at last all of it. */
final class PodRemoval {
  private final PodServices services;

  PodRemoval(PodServices services) {
    this.services = services;
  }

  /** With its log: a container that crashes for days must not fill the disk. */
  CompletionStage<Outcome> container(
      PodAction.RemoveContainer action, PodDefinition pod, PodFacts facts) {
    return services
        .runtime()
        .removeContainer(action.id())
        .thenApplyAsync(
            done -> {
              facts
                  .byId(action.id())
                  .ifPresent(dead -> services.folders().deleteFilesOf(pod, dead));
              return Outcome.facts(action, f -> f.withoutContainer(action.id()));
            },
            services.io());
  }

  CompletionStage<Outcome> sandbox(PodAction.RemoveSandbox action, PodFacts facts) {
    List<String> inside =
        facts.containers().stream()
            .filter(c -> c.sandboxId().equals(action.id()) || facts.sandboxes().size() == 1)
            .map(ContainerState::id)
            .toList();
    CompletionStage<Void> removed = CompletableFuture.completedFuture(null);
    for (String id : inside) {
      removed = removed.thenCompose(done -> services.runtime().removeContainer(id));
    }
    return removed
        .thenCompose(done -> services.runtime().stopSandbox(action.id()))
        .thenCompose(done -> services.runtime().removeSandbox(action.id()))
        .thenApply(
            done ->
                Outcome.facts(
                    action,
                    f -> {
                      PodFacts left = f.withoutSandbox(action.id());
                      for (String id : inside) {
                        left = left.withoutContainer(id);
                      }
                      return left;
                    }));
  }

  Outcome cleanUp(PodAction action, PodDefinition pod) {
    try {
      services.volumes().remove(pod.uid());
      PodFolders.deleteTree(services.folders().logs(pod));
      if (services.cgroups().isPresent()) {
        // Without its spec the class is not known: it may be in any of the three.
        for (String qosClass : List.of("Guaranteed", "Burstable", "BestEffort")) {
          services.cgroups().get().remove(services.cgroups().get().pathOf(pod.uid(), qosClass));
        }
      }
      return Outcome.nothing(action);
    } catch (IOException e) {
      throw new UncheckedIOException(e.toString(), e);
    }
  }
}
