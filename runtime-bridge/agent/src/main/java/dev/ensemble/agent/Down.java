package dev.ensemble.agent;

import dev.ensemble.agent.containerd.PrivateContainerd;
import dev.ensemble.agent.node.NodeNetwork;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.agent.os.Mounts;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.Inventory;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.SandboxState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends all pods of this agent, then the private containerd, and removes what was made. */
final class Down {
  private static final Logger LOG = LoggerFactory.getLogger(Down.class);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private Down() {}

  static void run(AgentSettings settings, NodeNetwork network)
      throws IOException, InterruptedException, TimeoutException {
    Optional<PrivateContainerd> containerd = AgentMain.containerd(settings);
    if (containerd.isPresent()) {
      // It may have died before its pods did.
      containerd.get().ensureRunning();
    }
    ExecutorService io = Executors.newCachedThreadPool();
    try (PodRuntime runtime = AgentMain.runtime(settings, io, AgentMetrics.NONE)) {
      endPods(runtime);
    } finally {
      io.shutdownNow();
    }
    network.leave();
    if (containerd.isPresent()) {
      containerd.get().stop();
      Mounts.unmountBelow(containerd.get().config().home());
    }
    Mounts.unmountBelow(settings.folder().resolve("pods"));
    Optional<Cgroups> cgroups = AgentMain.cgroups(settings);
    if (cgroups.isPresent()) {
      cgroups.get().removeAll();
    }
    LOG.info("down");
  }

  private static void endPods(PodRuntime runtime) {
    Inventory inventory = runtime.inventory().toCompletableFuture().join();
    List<CompletableFuture<Void>> ended =
        inventory.sandboxes().stream().map(sandbox -> end(runtime, sandbox, inventory)).toList();
    ended.forEach(CompletableFuture::join);
  }

  private static CompletableFuture<Void> end(
      PodRuntime runtime, SandboxState sandbox, Inventory inventory) {
    CompletableFuture<Void> stopped =
        CompletableFuture.allOf(
            inventory.containers().stream()
                .filter(c -> c.sandboxId().equals(sandbox.id()) && c.running())
                .map(ContainerState::id)
                .map(id -> runtime.stopContainer(id, GRACE).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    return stopped
        .thenCompose(done -> runtime.stopSandbox(sandbox.id()))
        .thenCompose(done -> runtime.removeSandbox(sandbox.id()));
  }
}
