package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.log.LogLine;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.Labels;
import dev.ensemble.agent.runtime.PodRuntime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Reads a container's state with its termination message. */
final class ContainerStates {
  /** The API's limits of a message from a file and from the log's end. */
  private static final int MESSAGE_BYTES_MAX = 4096;

  private static final int LOG_BYTES_MAX = 2048;
  private static final int LOG_LINES_MAX = 80;

  /** Of looks for an end that was heard of: each waits twice as long, 20 s in all. */
  private static final int END_LOOKS_MAX = 10;

  private static final Duration END_LOOK = Duration.ofMillis(20);

  private final PodRuntime runtime;
  private final PodFolders folders;
  private final Executor io;

  ContainerStates(PodRuntime runtime, PodFolders folders, Executor io) {
    this.runtime = runtime;
    this.folders = folders;
    this.io = io;
  }

  /** CRI's answer does not say which sandbox the container is in. */
  CompletionStage<ContainerState> read(PodDefinition pod, String containerId, String sandboxId) {
    return runtime
        .container(containerId)
        .thenApplyAsync(state -> complete(pod, state, sandboxId), io);
  }

  /**
   * The state of a container whose process is known to have ended. containerd tells of the end
   * before its CRI side knows, which waits for what is attached to let go.
   */
  CompletionStage<ContainerState> readEnd(PodDefinition pod, String containerId, String sandboxId) {
    return readEnd(pod, containerId, sandboxId, 0);
  }

  private CompletionStage<ContainerState> readEnd(
      PodDefinition pod, String containerId, String sandboxId, int looks) {
    Executor later =
        CompletableFuture.delayedExecutor(END_LOOK.toMillis() << looks, TimeUnit.MILLISECONDS, io);
    return read(pod, containerId, sandboxId)
        .thenCompose(
            state ->
                state.running() && looks < END_LOOKS_MAX
                    ? CompletableFuture.supplyAsync(() -> looks + 1, later)
                        .thenCompose(next -> readEnd(pod, containerId, sandboxId, next))
                    : CompletableFuture.completedFuture(state));
  }

  ContainerState complete(PodDefinition pod, ContainerState state, String sandboxId) {
    return new ContainerState(
        state.id(),
        state.sandboxId().isEmpty() ? sandboxId : state.sandboxId(),
        state.podUid(),
        state.name(),
        state.attempt(),
        state.phase(),
        state.createdAt(),
        state.startedAt(),
        state.finishedAt(),
        state.exitCode(),
        state.reason(),
        state.exited() ? message(pod, state) : state.message(),
        state.image(),
        state.imageId(),
        state.labels(),
        state.annotations());
  }

  private String message(PodDefinition pod, ContainerState state) {
    Path file = folders.termination(pod.uid(), state.name(), state.attempt());
    try {
      String text = Files.isRegularFile(file) ? end(file, MESSAGE_BYTES_MAX) : "";
      boolean useLog =
          "FallbackToLogsOnError"
              .equals(state.annotations().get(Labels.TERMINATION_MESSAGE_POLICY));
      if (text.isEmpty() && useLog && state.exitCode() != 0) {
        text = logEnd(folders.log(pod, state.name(), state.attempt()));
      }
      return text.isEmpty() ? state.message() : text;
    } catch (IOException e) {
      return "Error on reading termination log " + file + ": " + e.getMessage();
    }
  }

  private static String logEnd(Path log) throws IOException {
    if (!Files.isRegularFile(log)) {
      return "";
    }
    Deque<String> lines = new ArrayDeque<>();
    for (String line : end(log, LOG_BYTES_MAX * 4).split("\n", -1)) {
      LogLine.parse(line)
          .ifPresent(parsed -> lines.add(parsed.text() + (parsed.partial() ? "" : "\n")));
    }
    while (lines.size() > LOG_LINES_MAX) {
      lines.removeFirst();
    }
    String text = String.join("", lines);
    return text.length() > LOG_BYTES_MAX ? text.substring(text.length() - LOG_BYTES_MAX) : text;
  }

  private static String end(Path path, int bytesMax) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long from = Math.max(0, file.length() - bytesMax);
      file.seek(from);
      byte[] bytes = new byte[Math.toIntExact(file.length() - from)];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** An inventory does not read termination messages: those that are known stay. */
  PodFacts complete(PodDefinition pod, PodFacts fresh, PodFacts known) {
    PodFacts merged = fresh;
    for (ContainerState state : fresh.containers()) {
      Optional<ContainerState> before =
          known.byId(state.id()).filter(same -> same.phase() == state.phase());
      merged = merged.with(before.orElseGet(() -> complete(pod, state, state.sandboxId())));
    }
    return merged;
  }
}
