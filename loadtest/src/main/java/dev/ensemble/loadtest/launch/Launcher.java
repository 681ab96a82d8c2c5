package dev.ensemble.loadtest.launch;

import dev.ensemble.loadtest.bench.BenchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code ./ensemble} and kubectl on a data folder, ports and names of a benchmark's own.
 * Closing stops everything and forgets the data. The working directory must be the project's.
 */
final class Launcher implements AutoCloseable {
  private static final int PORT = 19644;
  private static final long MINUTES_MAX = 15;

  private final Path data;
  private final Path settings;
  private final boolean simulated;

  private Launcher(Path data, Path settings, boolean simulated) {
    this.data = data;
    this.settings = settings;
    this.simulated = simulated;
  }

  /** Pods really run: needs root and containerd. */
  static Launcher real() throws IOException {
    return prepare(false);
  }

  /** The node is simulated. */
  static Launcher simulated() throws IOException {
    return prepare(true);
  }

  private static Launcher prepare(boolean simulated) throws IOException {
    // Short: containerd's sockets below it have a limit of 107 bytes.
    Path data = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bl-");
    Path settings = data.resolve("bench.conf");
    Files.writeString(settings, BenchSettings.ports("127.0.0.1", PORT));
    return new Launcher(data, settings, simulated);
  }

  Path data() {
    return data;
  }

  void up() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("./ensemble", "up", "--config", settings.toString()));
    if (simulated) {
      command.add("--simulated");
    }
    mustSucceed(command);
  }

  void down() throws IOException, InterruptedException {
    mustSucceed(List.of("./ensemble", "down"));
  }

  /** What kubectl prints. */
  String kubectl(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig()));
    command.addAll(Arrays.asList(words));
    return mustSucceed(command);
  }

  private String kubeconfig() throws IOException, InterruptedException {
    return mustSucceed(List.of("./ensemble", "kubeconfig")).strip();
  }

  /** The process that the launcher started under this name: control-plane or agent. */
  ProcessHandle process(String name) throws IOException {
    return fromPidFile(data.resolve("run").resolve(name + ".pid"));
  }

  ProcessHandle cassandra() throws IOException {
    return fromPidFile(data.resolve("cassandra/cassandra.pid"));
  }

  private static ProcessHandle fromPidFile(Path file) throws IOException {
    String pid = Files.readString(file).strip().split("\\s+", 2)[0];
    return ProcessHandle.of(Long.parseLong(pid))
        .orElseThrow(() -> new IllegalStateException("no process " + pid + " of " + file));
  }

  private String mustSucceed(List<String> command) throws IOException, InterruptedException {
    // Beside the data folder, for reset removes that.
    Path output = data.resolveSibling(data.getFileName() + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    builder.environment().put("ENSEMBLE_DATA", data.toString());
    Process process = builder.start();
    if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " took longer than " + MINUTES_MAX + " minutes");
    }
    String text = Files.readString(output);
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          command + " ended with " + process.exitValue() + ":\n" + text);
    }
    return text;
  }

  @Override
  public void close() throws IOException {
    try {
      mustSucceed(List.of("./ensemble", "reset", "--yes"));
      Files.delete(data.resolveSibling(data.getFileName() + ".out"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The real launcher, unless the words say otherwise. */
  static Launcher chosen(Optional<String> node) throws IOException {
    return node.filter("simulated"::equals).isPresent() ? simulated() : real();
  }
}
