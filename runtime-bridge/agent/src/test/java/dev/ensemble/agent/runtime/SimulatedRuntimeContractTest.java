package dev.ensemble.agent.runtime;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

class SimulatedRuntimeContractTest implements RuntimeContract {
  private final SimulatedRuntime runtime = new SimulatedRuntime();

  @BeforeEach
  void pull() {
    runtime.pullImage(image(), Optional.empty()).toCompletableFuture().join();
  }

  @Override
  public PodRuntime runtime() {
    return runtime;
  }

  @Override
  public String image() {
    return "busybox:1.35.0";
  }

  @Override
  public String absentImage() {
    return "absent.invalid/x:1";
  }

  @Override
  public Path logs() {
    return Path.of("/nowhere");
  }
}
