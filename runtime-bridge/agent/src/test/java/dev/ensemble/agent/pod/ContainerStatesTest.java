package dev.ensemble.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.SimulatedRuntime;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContainerStatesTest {
  /** With an open attach containerd's CRI side knows seconds after its event. */
  @Test
  void anEndThatTheRuntimeDoesNotKnowOfYetIsWaitedFor() throws Exception {
    SimulatedRuntime simulated = new SimulatedRuntime();
    PodSandboxConfig pod = PodSandboxConfig.getDefaultInstance();
    String sandbox = simulated.runSandbox(pod).toCompletableFuture().join();
    String id =
        simulated
            .createContainer(sandbox, ContainerConfig.getDefaultInstance(), pod)
            .toCompletableFuture()
            .join();
    simulated.startContainer(id).toCompletableFuture().join();
    AtomicInteger looks = new AtomicInteger();
    PodRuntime late =
        (PodRuntime)
            Proxy.newProxyInstance(
                PodRuntime.class.getClassLoader(),
                new Class<?>[] {PodRuntime.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("container") && looks.incrementAndGet() == 3) {
                    simulated.exit(id, 6);
                  }
                  return method.invoke(simulated, arguments);
                });
    ContainerState ended =
        new ContainerStates(late, new PodFolders(Path.of("/nowhere")), Runnable::run)
            .readEnd(new PodDefinition(Fields.object()), id, sandbox)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertThat(ended.exited()).isTrue();
    assertThat(ended.exitCode()).isEqualTo(6);
    assertThat(looks).hasValue(3);
  }
}
