package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.texts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.runtime.PodRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Runs postStart and preStop. */
final class Hooks {
  private final PodRuntime runtime;
  private final HttpActions http;

  Hooks(PodRuntime runtime, HttpActions http) {
    this.runtime = runtime;
    this.http = http;
  }

  /** Fails when the hook does. */
  CompletionStage<Void> run(
      JsonNode hook, JsonNode container, String containerId, String podIp, Duration timeout) {
    if (has(hook, "exec")) {
      return runtime
          .execSync(containerId, texts(hook, "exec", "command"), timeout)
          .thenAccept(
              done -> {
                if (done.exitCode() != 0) {
                  throw new IllegalStateException(
                      "command exited with "
                          + done.exitCode()
                          + ": "
                          + HttpActions.shortened(done.stdout() + done.stderr()));
                }
              });
    }
    if (has(hook, "httpGet")) {
      return http.call(at(hook, "httpGet"), container, podIp, timeout);
    }
    if (has(hook, "sleep")) {
      Duration sleep = Duration.ofSeconds(at(hook, "sleep", "seconds").asLong());
      Duration bounded = sleep.compareTo(timeout) < 0 ? sleep : timeout;
      CompletableFuture<Void> done = new CompletableFuture<>();
      return done.completeOnTimeout(null, bounded.toMillis(), TimeUnit.MILLISECONDS);
    }
    return CompletableFuture.failedFuture(
        new IllegalStateException("invalid handler: only exec, httpGet and sleep are supported"));
  }
}
