package dev.ensemble.loadtest.launch;

import dev.ensemble.loadtest.bench.BenchSettings;
import dev.ensemble.loadtest.client.ApiAddress;
import dev.ensemble.loadtest.machine.PrivateNetwork;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code ./ensemble} and kubectl on a data folder, ports and names of a benchmark's own.
 * Closing stops everything and forgets the data. The working directory must be the project's.
 */
public final class Launcher implements AutoCloseable {
  private static final int PORT = 19644;
  private static final long MINUTES_MAX = 15;

  private final Path data;
  private final Path settings;
  private final boolean simulated;
  private final Optional<PrivateNetwork> network;
  private final Map<String, String> environment;

  private Launcher(
      Path data,
      Path settings,
      boolean simulated,
      Optional<PrivateNetwork> network,
      Map<String, String> environment) {
    this.data = data;
    this.settings = settings;
    this.simulated = simulated;
    this.network = network;
    this.environment = Map.copyOf(environment);
  }

  /** Pods really run: needs root and containerd. */
  static Launcher real() throws IOException {
    return prepare(false, Optional.empty(), Map.of());
  }

  /** Pods really run, in a network of their own: beside another node on this machine. */
  public static Launcher apart() throws IOException {
    return prepare(false, Optional.of(PrivateNetwork.create("ensb", "10.231.62")), Map.of());
  }

  /** The node is simulated. */
  static Launcher simulated() throws IOException {
    return prepare(true, Optional.empty(), Map.of());
  }

  /** The same; its control plane's JVM leaves a record of a training run when it ends. */
  public static Launcher recording(Path record) throws IOException {
    return prepare(true, Optional.empty(), Map.of("ENSEMBLE_TRAINING", record.toString()));
  }

  private static Launcher prepare(
      boolean simulated, Optional<PrivateNetwork> network, Map<String, String> environment)
      throws IOException {
    // Short: containerd's sockets below it have a limit of 107 bytes.
    Path data = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bl-");
    Path settings = data.resolve("bench.conf");
    String host = network.map(PrivateNetwork::inside).orElse("127.0.0.1");
    Files.writeString(settings, BenchSettings.ports(host, PORT));
    return new Launcher(data, settings, simulated, network, environment);
  }

  public Path data() {
    return data;
  }

  public void up() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("./ensemble", "up", "--config", settings.toString()));
    if (simulated) {
      command.add("--simulated");
    }
    mustSucceed(command);
  }

  public ApiAddress address() {
    Path pki = data.resolve("pki");
    return new ApiAddress(
        network.map(PrivateNetwork::inside).orElse("127.0.0.1"),
        PORT,
        pki.resolve("ca.crt"),
        pki.resolve("admin.crt"),
        pki.resolve("admin.key"));
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
  public ProcessHandle process(String name) throws IOException {
    return fromPidFile(pidFile(name));
  }

  private Path pidFile(String name) {
    return data.resolve("run").resolve(name + ".pid");
  }

  /** Kills the process of this name, if it was started. */
  public void kill(String name) throws IOException {
    if (Files.exists(pidFile(name))) {
      process(name).destroyForcibly();
    }
  }

  public ProcessHandle cassandra() throws IOException {
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
    List<String> whole = new ArrayList<>(network.map(PrivateNetwork::prefix).orElse(List.of()));
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("ENSEMBLE_DATA", data.toString());
    Process process = builder.start();
    boolean ended;
    try {
      ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      process.destroy();
      process.onExit().join();
      throw e;
    }
    if (!ended) {
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
    // An interrupted benchmark still ends what it started.
    Thread.interrupted();
    try {
      mustSucceed(List.of("./ensemble", "reset", "--yes"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("not all that was started has ended");
    }
    Files.delete(data.resolveSibling(data.getFileName() + ".out"));
    if (network.isPresent()) {
      network.get().close();
    }
  }

  /** The real launcher, unless the words say otherwise. */
  static Launcher chosen(Optional<String> node) throws IOException {
    return node.filter("simulated"::equals).isPresent() ? simulated() : real();
  }
}
