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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends all pods of this agent, then the private containerd, and removes what was made. A step that
 * fails does not keep the later ones from being done.
 */
final class Down {
  private static final Logger LOG = LoggerFactory.getLogger(Down.class);
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Mounts and cgroups of a process that was just killed are busy for a moment. */
  private static final int ATTEMPTS = 20;

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final List<String> problems = new ArrayList<>();

  private Down() {}

  private interface Step {
    void run() throws IOException, InterruptedException, TimeoutException;
  }

  /** The problems that were met; none when all is gone. */
  static List<String> run(AgentSettings settings, NodeNetwork network) throws InterruptedException {
    Down down = new Down();
    Optional<PrivateContainerd> containerd = AgentMain.containerd(settings);
    down.once("ending the pods", () -> endPods(settings, containerd));
    down.once("leaving the network", network::leave);
    if (containerd.isPresent()) {
      down.once("ending containerd", containerd.get()::stop);
      down.patiently(
          "unmounting what containerd mounted",
          () -> Mounts.unmountBelow(containerd.get().config().home()));
    }
    down.patiently(
        "unmounting volumes", () -> Mounts.unmountBelow(settings.folder().resolve("pods")));
    Optional<Cgroups> cgroups = AgentMain.cgroups(settings);
    if (cgroups.isPresent()) {
      down.patiently("removing cgroups", cgroups.get()::removeAll);
    }
    if (down.problems.isEmpty()) {
      LOG.info("down");
    }
    return List.copyOf(down.problems);
  }

  private void once(String what, Step step) throws InterruptedException {
    attempt(what, step, 1);
  }

  private void patiently(String what, Step step) throws InterruptedException {
    attempt(what, step, ATTEMPTS);
  }

  private void attempt(String what, Step step, int attempts) throws InterruptedException {
    for (int i = 1; ; i++) {
      try {
        step.run();
        return;
      } catch (IOException | TimeoutException | CompletionException e) {
        if (i >= attempts) {
          LOG.error("{} failed", what, e);
          problems.add(what + ": " + e.getMessage());
          return;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      }
    }
  }

  private static void endPods(AgentSettings settings, Optional<PrivateContainerd> containerd)
      throws IOException, InterruptedException, TimeoutException {
    if (containerd.isPresent()) {
      // It may have died before its pods did.
      containerd.get().ensureRunning();
    }
    ExecutorService io = Executors.newCachedThreadPool();
    try (PodRuntime runtime = AgentMain.runtime(settings, io, AgentMetrics.NONE)) {
      Inventory inventory = runtime.inventory().toCompletableFuture().join();
      List<CompletableFuture<Void>> ended =
          inventory.sandboxes().stream().map(sandbox -> end(runtime, sandbox, inventory)).toList();
      CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new)).join();
    } finally {
      io.shutdownNow();
    }
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
