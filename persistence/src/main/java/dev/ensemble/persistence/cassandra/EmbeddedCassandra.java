package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Cassandra node as a child process, with all that it keeps in one folder. A node that an
 * earlier process of ours left running on that folder is taken over. All methods block; the node
 * goes on when this process dies.
 */
public final class EmbeddedCassandra {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCassandra.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
  // How much of the output an error message quotes.
  private static final int OUTPUT_LINES = 12;
  // The native protocol, version 4: an OPTIONS request without body, and what answers it.
  private static final byte[] OPTIONS = {4, 0, 0, 0, 5, 0, 0, 0, 0};
  private static final int SUPPORTED = 6;
  private static final int HEADER_BYTES = 9;

  // Two segments of the commit log: a node that has less may end at any write.
  private static final long ROOM_BYTES_MIN = 32L * 1024 * 1024;

  private final CassandraSettings.Embedded settings;
  private final NodeFolder folder;
  private Optional<ProcessHandle> process = Optional.empty();

  public EmbeddedCassandra(CassandraSettings.Embedded settings) {
    this.settings = settings;
    this.folder = new NodeFolder(settings);
  }

  /**
   * Starts the node, or finds the one that runs already, and waits until it answers. Fails with a
   * {@link CassandraProcessException} that quotes the node's last output.
   */
  public synchronized void start() {
    Instant begin = Instant.now();
    process = running();
    if (process.isPresent()) {
      LOG.info("found Cassandra running in {}, process {}", folder.path(), process.get().pid());
    } else {
      if (answers()) {
        throw new CassandraProcessException(
            "port %d of %s is taken by a Cassandra that is not ours"
                .formatted(settings.nativePort(), settings.address()));
      }
      process = Optional.of(launch());
    }
    awaitAnswer(process.get(), begin);
    LOG.info(
        "Cassandra answers on {}:{} after {} ms, process {}",
        settings.address(),
        settings.nativePort(),
        Duration.between(begin, Instant.now()).toMillis(),
        process.get().pid());
  }

  /**
   * Makes this process the one that may write to the node. Fails with a {@link
   * CassandraProcessException} while another is.
   */
  public WriterLock lock() {
    return WriterLock.take(folder.path());
  }

  /** The node's process, if it is alive. */
  public Optional<ProcessHandle> running() {
    return folder.pidFile().read();
  }

  /** Whether the disk of the node's folder has room for more than what is written just now. */
  public boolean hasRoom() {
    return folder.roomBytes() >= ROOM_BYTES_MIN;
  }

  /** What is wrong outside the node, in words, if it is known. */
  Optional<String> problem() {
    return hasRoom()
        ? Optional.empty()
        : Optional.of(
            "the disk of %s is full: %d KiB are free, %d are needed"
                .formatted(folder.path(), folder.roomBytes() / 1024, ROOM_BYTES_MIN / 1024));
  }

  /** Completes when the node that was started here has ended; at once when there is none. */
  public synchronized CompletionStage<Void> exited() {
    return process
        .map(handle -> handle.onExit().thenAccept(ended -> {}))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** Ends the node: asks first, and kills it when it takes longer than the stop timeout. */
  public synchronized void stop() {
    Optional<ProcessHandle> target = running();
    if (target.isPresent()) {
      target.get().destroy();
      if (!ended(target.get(), settings.stopTimeout())) {
        LOG.warn(
            "Cassandra, process {}, did not stop in {}: killing it",
            target.get().pid(),
            settings.stopTimeout());
        target.get().destroyForcibly();
        if (!ended(target.get(), settings.stopTimeout())) {
          throw new CassandraProcessException(
              "process " + target.get().pid() + " of Cassandra cannot be killed");
        }
      }
    }
    folder.pidFile().delete();
    process = Optional.empty();
  }

  private ProcessHandle launch() {
    List<String> command = folder.prepare(JavaRuntimes.find(settings.javaHome()));
    try {
      Process started =
          new ProcessBuilder(command)
              .directory(folder.path().toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(folder.output().toFile())
              .start();
      remember(started);
      return started.toHandle();
    } catch (IOException e) {
      throw new CassandraProcessException("cannot start " + command.get(0), e);
    }
  }

  /** A node that nobody would find again must not run. */
  private void remember(Process started) {
    try {
      folder.pidFile().write(started.toHandle());
    } catch (CassandraProcessException e) {
      started.destroyForcibly();
      throw e;
    }
  }

  private void awaitAnswer(ProcessHandle node, Instant begin) {
    while (!answers()) {
      if (!node.isAlive()) {
        folder.pidFile().delete();
        throw new CassandraProcessException("Cassandra ended while it started:\n" + lastOutput());
      }
      if (Duration.between(begin, Instant.now()).compareTo(settings.startTimeout()) > 0) {
        throw new CassandraProcessException(
            "Cassandra, process %d, did not answer on %s:%d within %s; see %s"
                .formatted(
                    node.pid(),
                    settings.address(),
                    settings.nativePort(),
                    settings.startTimeout(),
                    folder.logs()));
      }
      ended(node, POLL);
    }
  }

  /** Whether something that speaks Cassandra's protocol answers on our port. */
  private boolean answers() {
    try (Socket socket = new Socket()) {
      int timeoutMillis = (int) PROBE_TIMEOUT.toMillis();
      socket.connect(
          new InetSocketAddress(settings.address(), settings.nativePort()), timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      socket.getOutputStream().write(OPTIONS);
      InputStream in = socket.getInputStream();
      byte[] header = in.readNBytes(HEADER_BYTES);
      return header.length == HEADER_BYTES && header[4] == SUPPORTED;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean ended(ProcessHandle node, Duration timeout) {
    try {
      node.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process does not fail", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CassandraProcessException("interrupted while waiting for Cassandra", e);
    }
  }

  private String lastOutput() {
    try {
      List<String> lines = Files.readAllLines(folder.output());
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size()));
    } catch (IOException e) {
      return "(no output: " + e.getMessage() + ")";
    }
  }
}
