package dev.ensemble.agent.stream;

import dev.ensemble.agent.node.PodDirectory;
import dev.ensemble.agent.node.StreamOpener;
import dev.ensemble.agent.node.Uplink;
import dev.ensemble.agent.pod.PodFolders;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.PodRuntime.StreamShape;
import dev.ensemble.agent.runtime.SandboxState;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.StreamRequest;
import dev.ensemble.protocol.ToAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Opens a stream's WebSocket to the control plane and joins it with what it is for. */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class StreamDialer implements StreamOpener {
  private final HttpClient client;
  private final URI base;
  private final PodDirectory directory;
  private final PodFolders folders;
  private final PodRuntime runtime;
  private final Executor io;

  /**
   * @param base the address of streams, ending with a slash
   */
  public StreamDialer(
      HttpClient client,
      URI base,
      PodDirectory directory,
      PodFolders folders,
      PodRuntime runtime,
      Executor io) {
    this.client = client;
    this.base = base;
    this.directory = directory;
    this.folders = folders;
    this.runtime = runtime;
    this.io = io;
  }

  @Override
  public void open(ToAgent.OpenStream request, Uplink uplink) {
    CompletableFuture.completedFuture(request.request())
        .thenComposeAsync(this::source, io)
        .thenCompose(source -> dial(request.streamId(), source))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                uplink.send(refusal(request.streamId(), failure));
              }
            });
  }

  private static FromAgent refusal(String streamId, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof StreamRefusal refused
        ? new FromAgent.StreamRefused(streamId, refused.code(), refused.getMessage())
        : new FromAgent.StreamRefused(streamId, 500, String.valueOf(cause.getMessage()));
  }

  private CompletionStage<Void> dial(String streamId, StreamSource source) {
    FrameSocket socket = new FrameSocket();
    return client
        .newWebSocketBuilder()
        .buildAsync(base.resolve(streamId), socket)
        .thenAcceptAsync(
            opened -> {
              source.run(socket);
            },
            io);
  }

  private CompletionStage<StreamSource> source(StreamRequest request) {
    PodDirectory.Entry entry =
        directory
            .find(request.podUid())
            .orElseThrow(() -> new StreamRefusal(404, "pod is not on this node"));
    if (request instanceof StreamRequest.Logs logs) {
      return CompletableFuture.completedFuture(LogSource.of(entry, logs, folders, directory, io));
    }
    if (request instanceof StreamRequest.PortForward forward) {
      String sandbox =
          entry
              .facts()
              .readySandbox()
              .map(SandboxState::id)
              .orElseThrow(() -> new StreamRefusal(400, "pod is not running"));
      return runtime
          .portForward(sandbox, forward.port())
          .thenApply(url -> new SpdySource.PortForward(url, forward.port()));
    }
    if (request instanceof StreamRequest.Exec exec) {
      StreamShape shape =
          new StreamShape(exec.stdin(), exec.stdout(), exec.stderr() && !exec.tty(), exec.tty());
      return runtime
          .exec(running(entry, exec.container()).id(), exec.command(), shape)
          .thenApply(url -> new SpdySource.Command(url, shape));
    }
    StreamRequest.Attach attach = (StreamRequest.Attach) request;
    StreamShape shape =
        new StreamShape(
            attach.stdin(), attach.stdout(), attach.stderr() && !attach.tty(), attach.tty());
    return runtime
        .attach(running(entry, attach.container()).id(), shape)
        .thenApply(url -> new SpdySource.Command(url, shape));
  }

  private static ContainerState running(PodDirectory.Entry entry, String container) {
    return entry
        .facts()
        .latest(container)
        .filter(ContainerState::running)
        .orElseThrow(() -> new StreamRefusal(400, "container " + container + " is not running"));
  }
}
