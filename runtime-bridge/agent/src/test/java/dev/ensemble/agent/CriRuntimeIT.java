package dev.ensemble.agent;

import dev.ensemble.agent.containerd.ContainerdConfig;
import dev.ensemble.agent.containerd.PrivateContainerd;
import dev.ensemble.agent.cri.CriRuntime;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.agent.os.Mounts;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.RuntimeContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a containerd of its own: an agent would end these pods. Needs root. */
class CriRuntimeIT implements RuntimeContract {
  private static Path folder;
  private static PrivateContainerd containerd;
  private static ExecutorService io;
  private static CriRuntime runtime;

  @BeforeAll
  static void start() throws Exception {
    folder = Files.createTempDirectory("ens-it");
    containerd =
        new PrivateContainerd(
            new ContainerdConfig(
                folder.resolve("c"), "registry.k8s.io/pause:3.6", Path.of("/usr/lib/cni")),
            Path.of("/usr/bin/containerd"));
    containerd.ensureRunning();
    TestNode.importImages(containerd.config().socket(), List.of("pause", "busybox"));
    io = Executors.newCachedThreadPool();
    runtime = new CriRuntime(containerd.config().socket(), io, AgentMetrics.NONE);
  }

  @AfterAll
  static void stop() throws Exception {
    for (var sandbox : runtime.inventory().toCompletableFuture().join().sandboxes()) {
      runtime.stopSandbox(sandbox.id()).toCompletableFuture().join();
      runtime.removeSandbox(sandbox.id()).toCompletableFuture().join();
    }
    runtime.close();
    io.shutdownNow();
    containerd.stop();
    Mounts.unmountBelow(folder);
    new Cgroups(Path.of("/sys/fs/cgroup"), "ensemble-itc", 1000).removeAll();
    new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
  }

  @Override
  public PodRuntime runtime() {
    return runtime;
  }

  @Override
  public String image() {
    return "docker.io/library/busybox:1.35.0";
  }

  @Override
  public String absentImage() {
    return "127.0.0.1:1/x:1";
  }

  @Override
  public Path logs() {
    return folder.resolve("logs");
  }
}
