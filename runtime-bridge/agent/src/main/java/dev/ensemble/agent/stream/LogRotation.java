package dev.ensemble.agent.stream;

import dev.ensemble.agent.node.PodDirectory;
import dev.ensemble.agent.pod.PodFolders;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.PodRuntime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renames logs that grew too large, has the runtime open new ones, and drops the oldest. The log of
 * a private runtime, which never opens a new one, is copied to one older file and emptied.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class LogRotation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final DateTimeFormatter SUFFIX =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final PodDirectory directory;
  private final PodFolders folders;
  private final PodRuntime runtime;
  private final Optional<Path> runtimeLog;
  private final long bytesMax;
  private final int filesMax;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread made = new Thread(null, runnable, "log-rotation", 128 * 1024);
            made.setDaemon(true);
            return made;
          });

  LogRotation(
      PodDirectory directory,
      PodFolders folders,
      PodRuntime runtime,
      Optional<Path> runtimeLog,
      long bytesMax,
      int filesMax,
      Clock clock) {
    this.directory = directory;
    this.folders = folders;
    this.runtime = runtime;
    this.runtimeLog = runtimeLog;
    this.bytesMax = bytesMax;
    this.filesMax = filesMax;
    this.clock = clock;
  }

  public static LogRotation start(
      PodDirectory directory,
      PodFolders folders,
      PodRuntime runtime,
      Optional<Path> runtimeLog,
      long bytesMax,
      int filesMax) {
    LogRotation rotation =
        new LogRotation(
            directory, folders, runtime, runtimeLog, bytesMax, filesMax, Clock.systemUTC());
    rotation.thread.scheduleWithFixedDelay(
        rotation::rotateAll, INTERVAL.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
    return rotation;
  }

  void rotateAll() {
    runtimeLog.ifPresent(this::shorten);
    for (PodDirectory.Entry entry : directory.all()) {
      for (ContainerState container : entry.facts().running()) {
        Path log = folders.log(entry.pod(), container.name(), container.attempt());
        try {
          if (Files.exists(log) && Files.size(log) > bytesMax) {
            rotate(log, container.id());
          }
        } catch (IOException | CompletionException e) {
          // The container may have ended meanwhile. The others' turn comes all the same.
          LOG.warn("cannot rotate {}", log, e);
        }
      }
    }
  }

  private void shorten(Path log) {
    try {
      if (Files.exists(log) && Files.size(log) > bytesMax) {
        Path older = log.resolveSibling(log.getFileName() + ".1");
        Files.copy(log, older, StandardCopyOption.REPLACE_EXISTING);
        // Its writer appends: it goes on at the new end.
        FileChannel.open(log, StandardOpenOption.WRITE).truncate(0).close();
      }
    } catch (IOException e) {
      LOG.warn("cannot shorten {}", log, e);
    }
  }

  private void rotate(Path log, String containerId) throws IOException {
    Path rotated = log.resolveSibling(log.getFileName() + "." + SUFFIX.format(clock.instant()));
    Files.move(log, rotated);
    try {
      runtime.reopenLog(containerId).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (!Files.exists(log)) {
        Files.move(rotated, log);
      }
      throw e;
    }
    List<Path> old = new LogFiles(log).rotated();
    // The one that is written counts too.
    for (Path oldest : old.subList(0, Math.max(0, old.size() - (filesMax - 1)))) {
      Files.deleteIfExists(oldest);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
