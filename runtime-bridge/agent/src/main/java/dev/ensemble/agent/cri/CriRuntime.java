package dev.ensemble.agent.cri;

import static dev.ensemble.agent.cri.CriCalls.absentIsFine;
import static dev.ensemble.agent.cri.CriCalls.each;
import static dev.ensemble.agent.cri.CriCalls.stage;

import dev.ensemble.agent.cri.v1.AttachRequest;
import dev.ensemble.agent.cri.v1.AuthConfig;
import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.ContainerStatusRequest;
import dev.ensemble.agent.cri.v1.CreateContainerRequest;
import dev.ensemble.agent.cri.v1.CreateContainerResponse;
import dev.ensemble.agent.cri.v1.ExecRequest;
import dev.ensemble.agent.cri.v1.ExecSyncRequest;
import dev.ensemble.agent.cri.v1.ImageServiceGrpc;
import dev.ensemble.agent.cri.v1.ImageServiceGrpc.ImageServiceFutureStub;
import dev.ensemble.agent.cri.v1.ImageSpec;
import dev.ensemble.agent.cri.v1.ImageStatusRequest;
import dev.ensemble.agent.cri.v1.ListContainerStatsRequest;
import dev.ensemble.agent.cri.v1.ListContainersRequest;
import dev.ensemble.agent.cri.v1.ListImagesRequest;
import dev.ensemble.agent.cri.v1.ListPodSandboxRequest;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.cri.v1.PodSandboxStatusRequest;
import dev.ensemble.agent.cri.v1.PortForwardRequest;
import dev.ensemble.agent.cri.v1.PullImageRequest;
import dev.ensemble.agent.cri.v1.PullImageResponse;
import dev.ensemble.agent.cri.v1.RemoveContainerRequest;
import dev.ensemble.agent.cri.v1.RemoveImageRequest;
import dev.ensemble.agent.cri.v1.RemovePodSandboxRequest;
import dev.ensemble.agent.cri.v1.ReopenContainerLogRequest;
import dev.ensemble.agent.cri.v1.RunPodSandboxRequest;
import dev.ensemble.agent.cri.v1.RunPodSandboxResponse;
import dev.ensemble.agent.cri.v1.RuntimeServiceGrpc;
import dev.ensemble.agent.cri.v1.RuntimeServiceGrpc.RuntimeServiceFutureStub;
import dev.ensemble.agent.cri.v1.StartContainerRequest;
import dev.ensemble.agent.cri.v1.StatusRequest;
import dev.ensemble.agent.cri.v1.StopContainerRequest;
import dev.ensemble.agent.cri.v1.StopPodSandboxRequest;
import dev.ensemble.agent.cri.v1.VersionRequest;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.Inventory;
import dev.ensemble.agent.runtime.Labels;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.SandboxState;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The runtime port over a CRI socket. Calls run on the given executor and have deadlines. */
public final class CriRuntime implements PodRuntime {
  /** As the kubelet's runtime request timeout. */
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

  /** A sandbox waits for the network's plugins. */
  private static final Duration SANDBOX_TIMEOUT = Duration.ofMinutes(4);

  /** A pull that takes longer is begun again; the layers that came are kept. */
  private static final Duration PULL_TIMEOUT = Duration.ofMinutes(30);

  private final CriChannel channel;
  private final RuntimeServiceFutureStub runtime;
  private final ImageServiceFutureStub images;

  public CriRuntime(Path socket, Executor executor, AgentMetrics metrics) {
    channel = new CriChannel(socket, executor, metrics);
    runtime = RuntimeServiceGrpc.newFutureStub(channel.channel());
    images = ImageServiceGrpc.newFutureStub(channel.channel());
  }

  @Override
  public CompletionStage<RuntimeHealth> health() {
    return stage(runtime(CALL_TIMEOUT).version(VersionRequest.getDefaultInstance()))
        .thenCombine(
            stage(runtime(CALL_TIMEOUT).status(StatusRequest.getDefaultInstance())),
            CriAnswers::health);
  }

  @Override
  public CompletionStage<Inventory> inventory() {
    CompletionStage<List<SandboxState>> sandboxes =
        stage(runtime(CALL_TIMEOUT).listPodSandbox(ListPodSandboxRequest.getDefaultInstance()))
            .thenCompose(
                list ->
                    each(
                        list.getItemsList().stream()
                            .filter(item -> item.containsLabels(Labels.POD_UID))
                            .toList(),
                        item -> sandbox(item.getId())));
    CompletionStage<List<ContainerState>> containers =
        stage(runtime(CALL_TIMEOUT).listContainers(ListContainersRequest.getDefaultInstance()))
            .thenCompose(
                list ->
                    each(
                        list.getContainersList().stream()
                            .filter(item -> item.containsLabels(Labels.POD_UID))
                            .toList(),
                        item -> container(item.getId(), item.getPodSandboxId())));
    return sandboxes.thenCombine(containers, Inventory::new);
  }

  @Override
  public CompletionStage<String> runSandbox(PodSandboxConfig config) {
    return stage(
            runtime(SANDBOX_TIMEOUT)
                .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build()))
        .thenApply(RunPodSandboxResponse::getPodSandboxId);
  }

  @Override
  public CompletionStage<SandboxState> sandbox(String id) {
    return stage(
            runtime(CALL_TIMEOUT)
                .podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build()))
        .thenApply(CriAnswers::sandbox);
  }

  @Override
  public CompletionStage<Void> stopSandbox(String id) {
    return absentIsFine(
        stage(
            runtime(SANDBOX_TIMEOUT)
                .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build())));
  }

  @Override
  public CompletionStage<Void> removeSandbox(String id) {
    return absentIsFine(
        stage(
            runtime(CALL_TIMEOUT)
                .removePodSandbox(
                    RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build())));
  }

  @Override
  public CompletionStage<String> createContainer(
      String sandboxId, ContainerConfig config, PodSandboxConfig sandbox) {
    return stage(
            runtime(CALL_TIMEOUT)
                .createContainer(
                    CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .setConfig(config)
                        .setSandboxConfig(sandbox)
                        .build()))
        .thenApply(CreateContainerResponse::getContainerId);
  }

  @Override
  public CompletionStage<Void> startContainer(String id) {
    return stage(
            runtime(CALL_TIMEOUT)
                .startContainer(StartContainerRequest.newBuilder().setContainerId(id).build()))
        .thenApply(answer -> null);
  }

  @Override
  public CompletionStage<ContainerState> container(String id) {
    return container(id, "");
  }

  private CompletionStage<ContainerState> container(String id, String sandboxId) {
    return stage(
            runtime(CALL_TIMEOUT)
                .containerStatus(ContainerStatusRequest.newBuilder().setContainerId(id).build()))
        .thenApply(answer -> CriAnswers.container(answer, sandboxId));
  }

  @Override
  public CompletionStage<Void> stopContainer(String id, Duration grace) {
    return absentIsFine(
        stage(
            runtime(CALL_TIMEOUT.plus(grace))
                .stopContainer(
                    StopContainerRequest.newBuilder()
                        .setContainerId(id)
                        .setTimeout(wholeSeconds(grace))
                        .build())));
  }

  @Override
  public CompletionStage<Void> removeContainer(String id) {
    return absentIsFine(
        stage(
            runtime(CALL_TIMEOUT)
                .removeContainer(RemoveContainerRequest.newBuilder().setContainerId(id).build())));
  }

  @Override
  public CompletionStage<Void> reopenLog(String id) {
    return stage(
            runtime(CALL_TIMEOUT)
                .reopenContainerLog(
                    ReopenContainerLogRequest.newBuilder().setContainerId(id).build()))
        .thenApply(answer -> null);
  }

  @Override
  public CompletionStage<List<ImageState>> images() {
    return stage(images(CALL_TIMEOUT).listImages(ListImagesRequest.getDefaultInstance()))
        .thenApply(answer -> answer.getImagesList().stream().map(CriAnswers::image).toList());
  }

  @Override
  public CompletionStage<Optional<ImageState>> image(String reference) {
    return stage(
            images(CALL_TIMEOUT)
                .imageStatus(ImageStatusRequest.newBuilder().setImage(spec(reference)).build()))
        .thenApply(
            answer ->
                answer.hasImage() && !answer.getImage().getId().isEmpty()
                    ? Optional.of(CriAnswers.image(answer.getImage()))
                    : Optional.empty());
  }

  @Override
  public CompletionStage<String> pullImage(String reference, Optional<RegistryLogin> login) {
    PullImageRequest.Builder request = PullImageRequest.newBuilder().setImage(spec(reference));
    login.ifPresent(
        given ->
            request.setAuth(
                AuthConfig.newBuilder()
                    .setUsername(given.username())
                    .setPassword(given.password())
                    .setRegistryToken(given.registryToken())));
    return stage(images(PULL_TIMEOUT).pullImage(request.build()))
        .thenApply(PullImageResponse::getImageRef);
  }

  @Override
  public CompletionStage<Void> removeImage(String reference) {
    return absentIsFine(
        stage(
            images(CALL_TIMEOUT)
                .removeImage(RemoveImageRequest.newBuilder().setImage(spec(reference)).build())));
  }

  @Override
  public CompletionStage<ExecResult> execSync(String id, List<String> command, Duration timeout) {
    return stage(
            runtime(timeout.plusSeconds(10))
                .execSync(
                    ExecSyncRequest.newBuilder()
                        .setContainerId(id)
                        .addAllCmd(command)
                        .setTimeout(Math.max(1, timeout.toSeconds()))
                        .build()))
        .thenApply(CriAnswers::exec);
  }

  @Override
  public CompletionStage<URI> exec(String id, List<String> command, StreamShape shape) {
    return stage(
            runtime(CALL_TIMEOUT)
                .exec(
                    ExecRequest.newBuilder()
                        .setContainerId(id)
                        .addAllCmd(command)
                        .setTty(shape.tty())
                        .setStdin(shape.stdin())
                        .setStdout(shape.stdout())
                        .setStderr(shape.stderr() && !shape.tty())
                        .build()))
        .thenApply(answer -> URI.create(answer.getUrl()));
  }

  @Override
  public CompletionStage<URI> attach(String id, StreamShape shape) {
    return stage(
            runtime(CALL_TIMEOUT)
                .attach(
                    AttachRequest.newBuilder()
                        .setContainerId(id)
                        .setTty(shape.tty())
                        .setStdin(shape.stdin())
                        .setStdout(shape.stdout())
                        .setStderr(shape.stderr() && !shape.tty())
                        .build()))
        .thenApply(answer -> URI.create(answer.getUrl()));
  }

  @Override
  public CompletionStage<URI> portForward(String sandboxId, int port) {
    return stage(
            runtime(CALL_TIMEOUT)
                .portForward(
                    PortForwardRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .addPort(port)
                        .build()))
        .thenApply(answer -> URI.create(answer.getUrl()));
  }

  @Override
  public CompletionStage<List<ContainerUsage>> usage() {
    return stage(
            runtime(CALL_TIMEOUT)
                .listContainerStats(ListContainerStatsRequest.getDefaultInstance()))
        .thenApply(answer -> answer.getStatsList().stream().map(CriAnswers::usage).toList());
  }

  @Override
  public AutoCloseable subscribe(EventListener listener, Runnable lost) {
    // Whoever subscribes again has seen containerd come back: no call waits out gRPC's back-off,
    // which grows to two minutes.
    channel.channel().resetConnectBackoff();
    return ContainerdEvents.subscribe(channel.channel(), listener, lost);
  }

  @Override
  public void close() {
    channel.close();
  }

  /** Rounded up: what is left of three seconds is not two. */
  private static long wholeSeconds(Duration grace) {
    return grace.plusNanos(Duration.ofSeconds(1).toNanos() - 1).toSeconds();
  }

  private RuntimeServiceFutureStub runtime(Duration timeout) {
    return runtime.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private ImageServiceFutureStub images(Duration timeout) {
    return images.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ImageSpec spec(String reference) {
    return ImageSpec.newBuilder().setImage(reference).build();
  }
}
