package dev.ensemble.agent.stream;

import dev.ensemble.agent.core.log.LogLine;
import dev.ensemble.agent.node.PodDirectory;
import dev.ensemble.agent.pod.PodFolders;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.protocol.StreamFrame;
import dev.ensemble.protocol.StreamRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container's log, from its rotated files to the one that is written, and on with follow. Goes in
 * steps: no thread waits for the reader or for the container.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class LogSource implements StreamSource {
  private static final Logger LOG = LoggerFactory.getLogger(LogSource.class);

  /** How often the end of a followed log is looked at. */
  private static final Duration FOLLOW = Duration.ofMillis(200);

  /** One frame; the next is read when the reader has taken it. */
  private static final int FRAME_BYTES = 32 * 1024;

  private final LogFiles files;
  private final String containerId;
  private final StreamRequest.Logs request;
  private final PodDirectory directory;
  private final Executor io;
  private final Optional<Instant> since;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private Optional<LogFile> current = Optional.empty();
  private Optional<LogFiles.End> end = Optional.empty();
  private long linesToSkip;
  private long bytesLeft;
  private boolean lineBegun;
  private boolean replacedBefore;
  private volatile boolean gone;

  private LogSource(
      Path log,
      String containerId,
      StreamRequest.Logs request,
      PodDirectory directory,
      Executor io) {
    this.files = new LogFiles(log);
    this.containerId = containerId;
    this.request = request;
    this.directory = directory;
    this.io = io;
    this.since =
        request
            .sinceTime()
            .map(text -> OffsetDateTime.parse(text).toInstant())
            .or(
                () ->
                    request.sinceSeconds().isPresent()
                        ? Optional.of(
                            Instant.now().minusSeconds(request.sinceSeconds().getAsLong()))
                        : Optional.empty());
    this.bytesLeft = request.limitBytes().orElse(Long.MAX_VALUE);
  }

  static LogSource of(
      PodDirectory.Entry entry,
      StreamRequest.Logs request,
      PodFolders folders,
      PodDirectory directory,
      Executor io) {
    ContainerState shown = LogChoice.of(entry, request);
    return new LogSource(
        folders.log(entry.pod(), shown.name(), shown.attempt()),
        shown.id(),
        request,
        directory,
        io);
  }

  @Override
  public void run(FrameSocket socket) {
    socket.receive(new UntilGone());
    try {
      begin();
      step(socket);
    } catch (IOException e) {
      finish(socket, e);
    }
  }

  private void begin() throws IOException {
    end = files.end();
    if (request.tailLines().isPresent()) {
      Optional<LogFiles.Place> place = files.tail(request.tailLines().getAsLong(), end);
      if (place.isPresent()) {
        current = open(place.get().file());
        linesToSkip = place.get().linesToSkip();
      }
    } else {
      openFirst();
    }
  }

  private void openFirst() throws IOException {
    for (Path file : files.all()) {
      current = open(file);
      if (current.isPresent()) {
        return;
      }
    }
  }

  private static Optional<LogFile> open(Path path) throws IOException {
    try {
      return Optional.of(new LogFile(path));
    } catch (java.io.FileNotFoundException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Reads and sends one frame, or waits, or ends; another step follows unless it ends. */
  private void step(FrameSocket socket) {
    try {
      // Before reading: what a container wrote before it ended is read after that is known.
      boolean running = running();
      boolean over = gone || fill();
      if (frame.size() > 0) {
        byte[] bytes = frame.toByteArray();
        frame.reset();
        // The next step waits for this: that is what slows reading down to the reader.
        socket
            .send(StreamFrame.STDOUT, bytes)
            .whenComplete(
                (sent, failure) -> {
                  if (failure != null || over) {
                    io.execute(() -> finish(socket));
                  } else {
                    io.execute(() -> step(socket));
                  }
                });
      } else if (over) {
        finish(socket);
      } else {
        next(socket, running);
      }
    } catch (IOException | RuntimeException e) {
      finish(socket, e);
    }
  }

  /** At the end for now. */
  private void next(FrameSocket socket, boolean running) throws IOException {
    Next next = nextFile(running);
    if (next == Next.OPENED) {
      io.execute(() -> step(socket));
    } else if (next == Next.COMING || (request.follow() && running)) {
      CompletableFuture.delayedExecutor(FOLLOW.toMillis(), TimeUnit.MILLISECONDS, io)
          .execute(() -> step(socket));
    } else {
      finish(socket);
    }
  }

  /** What comes after the file that is read. */
  private enum Next {
    OPENED,
    COMING,
    NOTHING
  }

  /** Fills the frame; answers whether nothing may follow. */
  private boolean fill() throws IOException {
    if (current.isEmpty()) {
      openFirst();
    }
    while (current.isPresent() && frame.size() < FRAME_BYTES && bytesLeft > 0 && !reachedEnd()) {
      Optional<LogLine> line = current.get().next();
      if (line.isEmpty()) {
        return false;
      }
      if (linesToSkip > 0) {
        linesToSkip -= line.get().partial() ? 0 : 1;
      } else {
        add(line.get());
      }
    }
    return bytesLeft <= 0 || reachedEnd();
  }

  /** Without follow the log ends where it ended when it was asked for, however much is written. */
  private boolean reachedEnd() {
    return !request.follow()
        && end.isPresent()
        && current
            .filter(file -> file.inode().equals(end.get().inode()))
            .filter(file -> file.consumed() >= end.get().bytes())
            .isPresent();
  }

  private void add(LogLine line) {
    if (since.isPresent() && line.instant().isBefore(since.get())) {
      return;
    }
    boolean begins = !lineBegun;
    lineBegun = line.partial();
    if (request.timestamps() && begins) {
      write((line.time() + " ").getBytes(StandardCharsets.US_ASCII));
    }
    write(line.bytes());
    if (!line.partial()) {
      write(new byte[] {'\n'});
    }
  }

  private void write(byte[] bytes) {
    int length = (int) Math.min(bytes.length, bytesLeft);
    bytesLeft -= length;
    frame.write(bytes, 0, length);
  }

  private Next nextFile(boolean running) throws IOException {
    if (current.isEmpty()) {
      return Next.NOTHING;
    }
    Optional<Path> next = files.after(current.get().inode());
    if (next.isEmpty()) {
      return Next.NOTHING;
    }
    // The runtime makes the new file a moment before it stops writing to the old one.
    if (next.get().equals(files.log()) && running && !replacedBefore) {
      replacedBefore = true;
      return Next.COMING;
    }
    replacedBefore = false;
    Optional<LogFile> opened = open(next.get());
    if (opened.isEmpty()) {
      return Next.COMING;
    }
    current.get().close();
    current = opened;
    return Next.OPENED;
  }

  private boolean running() {
    return directory
        .find(request.podUid())
        .flatMap(entry -> entry.facts().byId(containerId))
        .filter(ContainerState::running)
        .isPresent();
  }

  private void finish(FrameSocket socket, Exception failure) {
    LOG.warn("the log of container {} cannot be read", containerId, failure);
    finish(socket);
  }

  private void finish(FrameSocket socket) {
    try {
      if (current.isPresent()) {
        current.get().close();
      }
    } catch (IOException e) {
      LOG.debug("a log file was not closed", e);
    }
    socket.close();
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
      gone = true;
    }
  }
}
