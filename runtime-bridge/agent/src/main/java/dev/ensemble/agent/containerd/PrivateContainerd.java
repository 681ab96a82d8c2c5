package dev.ensemble.agent.containerd;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts containerd as a process of its own session, so that it outlives the agent; finds the one
 * that runs already by its pid file (process id and start time); starts it again when it died
 * (containers go on under their shims); ends it only when told to.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class PrivateContainerd {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateContainerd.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final ContainerdConfig config;
  private final Path binary;

  public PrivateContainerd(ContainerdConfig config, Path binary) {
    this.config = config;
    this.binary = binary;
  }

  public ContainerdConfig config() {
    return config;
  }

  /**
   * Returns when containerd answers on its socket. Blocks.
   *
   * @throws TimeoutException when it does not within half a minute; its log says why
   */
  public void ensureRunning() throws IOException, InterruptedException, TimeoutException {
    Instant deadline = Instant.now().plus(START_TIMEOUT);
    boolean started = false;
    while (running().isEmpty() || !answers()) {
      // Its socket closes before the process is gone: one that was still there may end meanwhile.
      if (running().isEmpty()) {
        if (started) {
          throw new IOException("containerd ended at once; see " + config.logFile());
        }
        start();
        started = true;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new TimeoutException("containerd does not answer; see " + config.logFile());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** The process that the pid file names, if it is still that one. */
  public Optional<ProcessHandle> running() {
    try {
      String[] words = Files.readString(config.pidFile()).trim().split(" ", -1);
      if (words.length != 2) {
        return Optional.empty();
      }
      String startTicks = words[1];
      return ProcessHandle.of(Long.parseLong(words[0]))
          .filter(ProcessHandle::isAlive)
          .filter(handle -> startTicks.equals(ProcessStart.ticks(handle.pid()).orElse("")));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Ends containerd. Containers that still run go on without it: stop them first. Blocks. */
  public void stop() throws IOException, InterruptedException {
    Optional<ProcessHandle> running = running();
    if (running.isPresent()) {
      ProcessHandle handle = running.get();
      handle.destroy();
      try {
        handle.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
        LOG.warn("containerd did not end in time: killed");
        handle.destroyForcibly();
      }
    }
    Files.deleteIfExists(config.pidFile());
  }

  private void start() throws IOException, InterruptedException {
    for (Path folder :
        List.of(
            config.home(),
            config.root(),
            config.state(),
            config.cniConfig(),
            config.registries())) {
      Files.createDirectories(folder);
    }
    writeConfig();
    CniResults.mend(config.cniConfig(), CniResults.FOLDER);
    Files.deleteIfExists(config.socket());
    Files.deleteIfExists(config.pidFile());
    // The shell becomes the leader of a new session, notes its own id and turns into containerd. An
    // agent that is killed meanwhile leaves no containerd that nobody knows of.
    Process launcher =
        new ProcessBuilder(
                "setsid",
                "--fork",
                "/bin/sh",
                "-c",
                "echo $$ $(cut -d ' ' -f 22 /proc/$$/stat) > \"$1.new\" && mv \"$1.new\" \"$1\""
                    + " && exec \"$2\" --config \"$3\" >> \"$4\" 2>&1 < /dev/null",
                "sh",
                config.pidFile().toString(),
                binary.toString(),
                config.configFile().toString(),
                config.logFile().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    launcher.waitFor();
    awaitPid();
    LOG.info("started containerd, log {}", config.logFile());
  }

  private void awaitPid() throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(STOP_TIMEOUT);
    while (!Files.exists(config.pidFile())) {
      if (Instant.now().isAfter(deadline)) {
        throw new IOException("containerd's launcher did not note its process id");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private void writeConfig() throws IOException {
    replace(config.configFile(), config.toToml());
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private boolean answers() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(config.socket()));
    } catch (IOException e) {
      return false;
    }
  }
}
