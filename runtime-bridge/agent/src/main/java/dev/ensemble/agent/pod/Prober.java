package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.Fields.texts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.probe.ProbeResult;
import dev.ensemble.agent.core.probe.ProbeSpec;
import dev.ensemble.agent.grpc.health.v1.HealthCheckRequest;
import dev.ensemble.agent.grpc.health.v1.HealthCheckResponse;
import dev.ensemble.agent.grpc.health.v1.HealthGrpc;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.observe.AgentMetrics.Outcome;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.RuntimeFailure;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Runs probes once: http, tcp, exec, grpc. The stage never fails: a failure is a result. */
final class Prober {
  private final PodRuntime runtime;
  private final HttpActions http;
  private final AgentMetrics metrics;
  private final Executor io;

  Prober(PodRuntime runtime, HttpActions http, AgentMetrics metrics, Executor io) {
    this.runtime = runtime;
    this.http = http;
    this.metrics = metrics;
    this.io = io;
  }

  CompletionStage<ProbeResult> probe(
      ProbeSpec spec, JsonNode container, String containerId, String podIp) {
    JsonNode action = spec.action();
    Duration timeout = spec.timeout();
    long begun = System.nanoTime();
    CompletionStage<ProbeResult> result;
    if (has(action, "exec")) {
      result = exec(containerId, action, timeout);
    } else if (has(action, "httpGet")) {
      result = http.probe(at(action, "httpGet"), container, podIp, timeout);
    } else if (has(action, "tcpSocket")) {
      result =
          CompletableFuture.supplyAsync(
              () -> tcp(at(action, "tcpSocket"), container, podIp, timeout), io);
    } else if (has(action, "grpc")) {
      result = CompletableFuture.supplyAsync(() -> grpc(at(action, "grpc"), podIp, timeout), io);
    } else {
      result = CompletableFuture.completedFuture(ProbeResult.failure("missing probe handler"));
    }
    return result
        .exceptionally(failure -> ProbeResult.failure(cause(failure)))
        .thenApply(
            end -> {
              metrics.probed(
                  spec.kind().word(),
                  end.success() ? Outcome.SUCCESSFUL : Outcome.FAILED,
                  Duration.ofNanos(System.nanoTime() - begun));
              return end;
            });
  }

  private CompletionStage<ProbeResult> exec(String containerId, JsonNode action, Duration timeout) {
    return runtime
        .execSync(containerId, texts(action, "exec", "command"), timeout)
        .thenApply(
            done ->
                done.exitCode() == 0
                    ? ProbeResult.SUCCESS
                    : ProbeResult.failure(done.stdout() + done.stderr()))
        .exceptionally(
            failure ->
                failure.getCause() instanceof RuntimeFailure runtimeFailure
                        && runtimeFailure.category() == RuntimeFailure.Category.TIMEOUT
                    ? ProbeResult.failure(
                        "command timed out: \"%s\" timed out after %ds"
                            .formatted(
                                String.join(" ", texts(action, "exec", "command")),
                                timeout.toSeconds()))
                    : ProbeResult.failure(cause(failure)));
  }

  private static ProbeResult tcp(
      JsonNode action, JsonNode container, String podIp, Duration timeout) {
    String host = text(action, "host").isEmpty() ? podIp : text(action, "host");
    int port = HttpActions.port(at(action, "port"), container);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
      return ProbeResult.SUCCESS;
    } catch (IOException e) {
      return ProbeResult.failure("dial tcp " + host + ":" + port + ": " + e.getMessage());
    }
  }

  private static ProbeResult grpc(JsonNode action, String podIp, Duration timeout) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(podIp, at(action, "port").asInt()).usePlaintext().build();
    try {
      HealthCheckResponse answer =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .check(HealthCheckRequest.newBuilder().setService(text(action, "service")).build());
      return answer.getStatus() == HealthCheckResponse.ServingStatus.SERVING
          ? ProbeResult.SUCCESS
          : ProbeResult.failure(
              "service unhealthy (responded with \"" + answer.getStatus() + "\")");
    } catch (StatusRuntimeException e) {
      return ProbeResult.failure("error: health rpc failed: " + e.getStatus());
    } finally {
      channel.shutdownNow();
    }
  }

  private static String cause(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return String.valueOf(cause.getMessage());
  }
}
