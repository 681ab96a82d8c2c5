package dev.ensemble.agent.stream;

import dev.ensemble.agent.core.log.LogLine;
import dev.ensemble.agent.node.PodDirectory;
import dev.ensemble.agent.pod.PodFolders;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.protocol.StreamFrame;
import dev.ensemble.protocol.StreamRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A container's log, from its rotated files to the one that is written, and on with follow. */
final class LogSource implements StreamSource {
  /** How often the end of a followed log is looked at. */
  private static final long FOLLOW_MILLIS = 200;

  /** More than this of a tail is not held in memory. */
  private static final long TAIL_LINES_MAX = 200_000;

  private final Path log;
  private final String containerId;
  private final StreamRequest.Logs request;
  private final PodDirectory directory;
  private final Instant since;
  private final AtomicBoolean gone = new AtomicBoolean();
  private long bytesLeft;
  private boolean lineBegun;

  private LogSource(
      Path log, String containerId, StreamRequest.Logs request, PodDirectory directory) {
    this.log = log;
    this.containerId = containerId;
    this.request = request;
    this.directory = directory;
    this.since =
        request
            .sinceTime()
            .map(text -> OffsetDateTime.parse(text).toInstant())
            .orElseGet(
                () ->
                    request.sinceSeconds().isPresent()
                        ? Instant.now().minusSeconds(request.sinceSeconds().getAsLong())
                        : Instant.EPOCH);
    this.bytesLeft = request.limitBytes().orElse(Long.MAX_VALUE);
  }

  static LogSource of(
      PodDirectory.Entry entry,
      StreamRequest.Logs request,
      PodFolders folders,
      PodDirectory directory,
      Executor io) {
    Optional<ContainerState> container = entry.facts().latest(request.container());
    if (request.previous()) {
      container =
          container.flatMap(
              latest -> latest.running() ? entry.facts().before(latest) : Optional.of(latest));
      if (container.isEmpty()) {
        throw new StreamRefusal(
            400,
            "previous terminated container \""
                + request.container()
                + "\" in pod \""
                + entry.pod().name()
                + "\" not found");
      }
    }
    ContainerState shown =
        container.orElseThrow(
            () ->
                new StreamRefusal(
                    400,
                    "container \""
                        + request.container()
                        + "\" in pod \""
                        + entry.pod().name()
                        + "\" is waiting to start: ContainerCreating"));
    return new LogSource(
        folders.log(entry.pod(), shown.name(), shown.attempt()), shown.id(), request, directory);
  }

  @Override
  public void run(FrameSocket socket) {
    socket.receive(new UntilGone());
    try {
      stream(socket);
      socket.close();
    } catch (IOException | CompletionException e) {
      socket.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      socket.close();
    }
  }

  private void stream(FrameSocket socket) throws IOException, InterruptedException {
    LogFile current = new LogFile(log);
    try {
      List<Path> old = Files.exists(log.getParent()) ? LogRotation.rotated(log) : List.of();
      Deque<LogLine> tail = new ArrayDeque<>();
      boolean tailing = request.tailLines().isPresent();
      long keep = Math.min(request.tailLines().orElse(0), TAIL_LINES_MAX);
      for (Path file : old) {
        try (LogFile rotated = new LogFile(file)) {
          drain(rotated, socket, tail, tailing, keep);
        }
      }
      drain(current, socket, tail, tailing, keep);
      for (LogLine line : tail) {
        send(socket, line);
      }
      while (request.follow() && !gone.get() && bytesLeft > 0) {
        boolean running = running();
        List<LogLine> lines = current.read();
        for (LogLine line : lines) {
          send(socket, line);
        }
        if (!lines.isEmpty()) {
          continue;
        }
        if (current.replaced()) {
          // What was written before the rename has been read by now.
          for (LogLine line : current.read()) {
            send(socket, line);
          }
          current.close();
          current = new LogFile(log);
        } else if (!running) {
          return;
        } else {
          TimeUnit.MILLISECONDS.sleep(FOLLOW_MILLIS);
        }
      }
    } finally {
      current.close();
    }
  }

  private void drain(
      LogFile file, FrameSocket socket, Deque<LogLine> tail, boolean tailing, long keep)
      throws IOException {
    List<LogLine> lines = file.read();
    while (!lines.isEmpty() && !gone.get()) {
      for (LogLine line : lines) {
        if (!tailing) {
          send(socket, line);
        } else if (keep > 0) {
          tail.add(line);
          if (tail.size() > keep) {
            tail.remove();
          }
        }
      }
      lines = file.read();
    }
  }

  private boolean running() {
    return directory
        .find(request.podUid())
        .flatMap(entry -> entry.facts().byId(containerId))
        .filter(ContainerState::running)
        .isPresent();
  }

  private void send(FrameSocket socket, LogLine line) {
    if (bytesLeft <= 0 || line.instant().isBefore(since)) {
      return;
    }
    boolean begins = !lineBegun;
    lineBegun = line.partial();
    String text =
        (request.timestamps() && begins ? line.time() + " " : "")
            + line.text()
            + (line.partial() ? "" : "\n");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(bytes.length, bytesLeft);
    bytesLeft -= length;
    // Waiting here is what slows reading down to the reader.
    socket.send(StreamFrame.STDOUT, bytes, length).join();
  }

  private final class UntilGone implements FrameSocket.Receiver {
    @Override
    public CompletionStage<Void> data(byte channel, byte[] bytes) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> closed(byte channel) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void gone() {
      gone.set(true);
    }
  }
}
