package dev.ensemble.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.ContainerMetadata;
import dev.ensemble.agent.cri.v1.ImageSpec;
import dev.ensemble.agent.cri.v1.LinuxContainerConfig;
import dev.ensemble.agent.cri.v1.LinuxContainerSecurityContext;
import dev.ensemble.agent.cri.v1.LinuxPodSandboxConfig;
import dev.ensemble.agent.cri.v1.LinuxSandboxSecurityContext;
import dev.ensemble.agent.cri.v1.NamespaceMode;
import dev.ensemble.agent.cri.v1.NamespaceOption;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.cri.v1.PodSandboxMetadata;
import dev.ensemble.agent.runtime.ContainerState.Phase;
import dev.ensemble.agent.runtime.RuntimeFailure.Category;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every runtime does, as pods' actors rely on it. */
public interface RuntimeContract {
  Duration PATIENCE = Duration.ofSeconds(30);
  AtomicInteger NUMBER = new AtomicInteger();

  PodRuntime runtime();

  /** An image that is there, with a shell. */
  String image();

  /** One that no registry has. */
  String absentImage();

  Path logs();

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Optional<Category> failure(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(((RuntimeFailure) e.getCause()).category());
    }
  }

  private static String fresh(String what) {
    return what + "-" + NUMBER.incrementAndGet();
  }

  private PodSandboxConfig sandbox(String uid, int attempt) {
    NamespaceOption host = NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE).build();
    return PodSandboxConfig.newBuilder()
        .setMetadata(
            PodSandboxMetadata.newBuilder()
                .setName(uid)
                .setNamespace("default")
                .setUid(uid)
                .setAttempt(attempt))
        .setLogDirectory(logs().toString())
        .putLabels(Labels.POD_UID, uid)
        .putAnnotations("note", "kept")
        .setLinux(
            LinuxPodSandboxConfig.newBuilder()
                .setCgroupParent("/ensemble-itc")
                .setSecurityContext(
                    LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(host)))
        .build();
  }

  private ContainerConfig container(String uid, String name, String script) {
    NamespaceOption host =
        NamespaceOption.newBuilder()
            .setNetwork(NamespaceMode.NODE)
            .setPid(NamespaceMode.CONTAINER)
            .build();
    return ContainerConfig.newBuilder()
        .setMetadata(ContainerMetadata.newBuilder().setName(name))
        .setImage(ImageSpec.newBuilder().setImage(image()))
        .addAllCommand(List.of("sh", "-c", script))
        .putLabels(Labels.POD_UID, uid)
        .putAnnotations(Labels.CONTAINER_HASH, "abc")
        .setLogPath(uid + "-" + name + ".log")
        .setLinux(
            LinuxContainerConfig.newBuilder()
                .setSecurityContext(
                    LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(host)))
        .build();
  }

  private void end(String sandboxId) {
    done(runtime().stopSandbox(sandboxId));
    done(runtime().removeSandbox(sandboxId));
  }

  @Test
  default void aSandboxIsReadyUntilItIsStoppedAndUnknownWhenItIsRemoved() {
    String uid = fresh("sandbox");
    String id = done(runtime().runSandbox(sandbox(uid, 3)));
    SandboxState ready = done(runtime().sandbox(id));
    assertThat(ready)
        .isEqualTo(
            new SandboxState(
                id,
                uid,
                "default",
                uid,
                3,
                true,
                ready.createdAt(),
                List.of(),
                Map.of(Labels.POD_UID, uid),
                Map.of("note", "kept")));
    assertThat(failure(runtime().runSandbox(sandbox(uid, 3)))).contains(Category.NAME_RESERVED);
    done(runtime().stopSandbox(id));
    done(runtime().stopSandbox(id));
    assertThat(done(runtime().sandbox(id)).ready()).isFalse();
    assertThat(
            failure(runtime().createContainer(id, container(uid, "late", "true"), sandbox(uid, 3))))
        .as("nothing begins in a stopped sandbox")
        .contains(Category.NOT_FOUND);
    done(runtime().removeSandbox(id));
    done(runtime().removeSandbox(id));
    done(runtime().stopSandbox(id));
    assertThat(failure(runtime().sandbox(id))).contains(Category.NOT_FOUND);
  }

  @Test
  default void aContainerIsCreatedThenRunsThenHasEnded() {
    String uid = fresh("life");
    PodSandboxConfig pod = sandbox(uid, 0);
    String sandbox = done(runtime().runSandbox(pod));
    Instant before = Instant.now().minusSeconds(2);
    String id = done(runtime().createContainer(sandbox, container(uid, "c", "sleep 1000"), pod));
    ContainerState created = done(runtime().container(id));
    assertThat(created.phase()).isEqualTo(Phase.CREATED);
    assertThat(created.startedAt()).isEmpty();
    assertThat(created.name()).isEqualTo("c");
    assertThat(created.podUid()).isEqualTo(uid);
    assertThat(created.annotations()).containsEntry(Labels.CONTAINER_HASH, "abc");
    assertThat(failure(runtime().createContainer(sandbox, container(uid, "c", "true"), pod)))
        .contains(Category.NAME_RESERVED);
    assertThat(failure(runtime().execSync(id, List.of("true"), Duration.ofSeconds(5))))
        .contains(Category.REFUSED);
    done(runtime().startContainer(id));
    ContainerState running = done(runtime().container(id));
    assertThat(running.phase()).isEqualTo(Phase.RUNNING);
    assertThat(running.startedAt().orElseThrow()).isAfter(before);
    assertThat(failure(runtime().startContainer(id))).contains(Category.REFUSED);
    assertThat(done(runtime().execSync(id, List.of("true"), Duration.ofSeconds(10))).exitCode())
        .isZero();
    done(runtime().reopenLog(id));
    assertThat(done(runtime().usage()).stream().map(PodRuntime.ContainerUsage::containerId))
        .contains(id);
    done(runtime().stopContainer(id, Duration.ZERO));
    ContainerState ended = done(runtime().container(id));
    assertThat(ended.phase()).isEqualTo(Phase.EXITED);
    assertThat(ended.finishedAt()).isPresent();
    assertThat(ended.exitCode()).as("killed").isEqualTo(137);
    assertThat(failure(runtime().startContainer(id))).contains(Category.REFUSED);
    assertThat(failure(runtime().reopenLog(id))).contains(Category.REFUSED);
    done(runtime().stopContainer(id, Duration.ZERO));
    done(runtime().removeContainer(id));
    done(runtime().removeContainer(id));
    done(runtime().stopContainer(id, Duration.ZERO));
    assertThat(failure(runtime().container(id))).contains(Category.NOT_FOUND);
    end(sandbox);
  }

  @Test
  default void anExitIsHeardOfAndItsCodeIsKept() throws Exception {
    String uid = fresh("exits");
    PodSandboxConfig pod = sandbox(uid, 0);
    String sandbox = done(runtime().runSandbox(pod));
    List<RuntimeEvent> heard = new CopyOnWriteArrayList<>();
    try (AutoCloseable subscription = runtime().subscribe(heard::add, () -> {})) {
      String bad = done(runtime().createContainer(sandbox, container(uid, "bad", "exit 3"), pod));
      String good = done(runtime().createContainer(sandbox, container(uid, "good", "exit 0"), pod));
      done(runtime().startContainer(bad));
      done(runtime().startContainer(good));
      for (String id : List.of(bad, good)) {
        await()
            .atMost(PATIENCE)
            .until(() -> heard.contains(new RuntimeEvent(id, RuntimeEvent.Kind.EXITED)));
        assertThat(heard).contains(new RuntimeEvent(id, RuntimeEvent.Kind.STARTED));
        await().atMost(PATIENCE).until(() -> done(runtime().container(id)).exited());
      }
      assertThat(done(runtime().container(bad)))
          .extracting(ContainerState::exitCode, ContainerState::reason)
          .containsExactly(3, "Error");
      assertThat(done(runtime().container(good)))
          .extracting(ContainerState::exitCode, ContainerState::reason)
          .containsExactly(0, "Completed");
      assertThat(subscription).isNotNull();
    }
    end(sandbox);
  }

  @Test
  default void anInventoryHasWhatCarriesAPodsUidUntilItIsRemoved() {
    String uid = fresh("inventory");
    PodSandboxConfig pod = sandbox(uid, 0);
    String sandbox = done(runtime().runSandbox(pod));
    String id = done(runtime().createContainer(sandbox, container(uid, "c", "sleep 1000"), pod));
    done(runtime().startContainer(id));
    Inventory full = done(runtime().inventory());
    assertThat(full.sandboxes()).contains(done(runtime().sandbox(sandbox)));
    ContainerState listed =
        full.containers().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
    assertThat(listed.sandboxId()).isEqualTo(sandbox);
    assertThat(listed.phase()).isEqualTo(Phase.RUNNING);
    done(runtime().stopSandbox(sandbox));
    ContainerState stopped = done(runtime().container(id));
    assertThat(stopped)
        .as("a sandbox takes its containers with it")
        .extracting(ContainerState::phase, ContainerState::exitCode)
        .containsExactly(Phase.EXITED, 137);
    done(runtime().removeSandbox(sandbox));
    assertThat(failure(runtime().container(id))).contains(Category.NOT_FOUND);
    Inventory empty = done(runtime().inventory());
    assertThat(empty.sandboxes()).noneMatch(s -> s.id().equals(sandbox));
    assertThat(empty.containers()).noneMatch(c -> c.id().equals(id));
  }

  @Test
  default void whatIsNotThereIsNotFound() {
    PodSandboxConfig pod = sandbox(fresh("nothing"), 0);
    assertThat(failure(runtime().sandbox("nothing"))).contains(Category.NOT_FOUND);
    assertThat(failure(runtime().container("nothing"))).contains(Category.NOT_FOUND);
    assertThat(failure(runtime().startContainer("nothing"))).contains(Category.NOT_FOUND);
    assertThat(failure(runtime().createContainer("nothing", container("u", "c", "true"), pod)))
        .contains(Category.NOT_FOUND);
    assertThat(failure(runtime().execSync("nothing", List.of("true"), Duration.ofSeconds(5))))
        .contains(Category.NOT_FOUND);
    assertThat(done(runtime().image(absentImage()))).isEmpty();
    assertThat(failure(runtime().pullImage(absentImage(), Optional.empty()))).isPresent();
    done(runtime().removeImage(absentImage()));
    assertThat(done(runtime().image(image()))).isPresent();
  }
}
