package dev.ensemble.loadtest.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.loadtest.client.ApiAddress;
import dev.ensemble.loadtest.client.Readiness;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraSettings;
import dev.ensemble.persistence.cassandra.EmbeddedCassandra;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A control plane of a benchmark's own, with the Cassandra that it starts, in a folder and on ports
 * of its own. It can be killed and started again on the same data; closing it ends both processes
 * and removes the folder. The working directory must be the project's.
 */
public final class EnsembleProcess implements AutoCloseable {
  /** The system property that names the archive of a training run, if there was one. */
  private static final String ARCHIVE = "ensemble.bench.archive";

  private static final String HOST = "127.0.0.1";
  private static final int PORT = 19643;
  private static final int STOP_SECONDS_MAX = 30;
  private static final int OUTPUT_LINES = 15;

  private final Path folder;
  private final int heapMebibytes;
  private final List<String> flags;
  private final CassandraSettings settings;
  private final EmbeddedCassandra cassandra;
  private Optional<Process> process = Optional.empty();

  private EnsembleProcess(
      Path folder, int heapMebibytes, List<String> flags, CassandraSettings settings) {
    this.folder = folder;
    this.heapMebibytes = heapMebibytes;
    this.flags = List.copyOf(flags);
    this.settings = settings;
    this.cassandra = new EmbeddedCassandra(settings.embedded());
  }

  /** An empty control plane that is not started yet. */
  public static EnsembleProcess prepare(int heapMebibytes) throws IOException {
    return prepare(heapMebibytes, List.of());
  }

  /** The same with more flags for its JVM, such as those of a flight recording. */
  public static EnsembleProcess prepare(int heapMebibytes, List<String> flags) throws IOException {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-ensemble-");
    Path settings = folder.resolve("settings.conf");
    Files.writeString(settings, BenchSettings.whole(folder, HOST, PORT));
    Config config =
        ConfigFactory.parseFile(settings.toFile())
            .withFallback(ConfigFactory.parseResources("ensemble.conf"))
            .resolve();
    return new EnsembleProcess(folder, heapMebibytes, flags, CassandraSettings.from(config));
  }

  /** The heap that {@code ./ensemble up} gives the control plane. */
  public static int usualHeapMebibytes() {
    return Optional.ofNullable(System.getenv("ENSEMBLE_HEAP_MIB"))
        .map(Integer::parseInt)
        .orElse(1_024);
  }

  /** Starts the control plane with the JDK of this process; does not wait. */
  public void start() throws IOException {
    if (process.filter(Process::isAlive).isPresent()) {
      throw new IllegalStateException("the control plane runs already");
    }
    process =
        Optional.of(
            new ProcessBuilder(command())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start());
  }

  private List<String> command() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    // As the launcher starts it.
    command.add("-Xms32m");
    command.add("-Xmx" + heapMebibytes + "m");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xss512k"));
    command.add("-Dfile.encoding=UTF-8");
    Optional<Path> archive =
        Optional.ofNullable(System.getProperty(ARCHIVE)).map(Path::of).filter(Files::exists);
    if (archive.isPresent()) {
      command.add("-XX:AOTCache=" + archive.get());
    } else if (Runtime.version().feature() >= 19 && flags.isEmpty()) {
      // The class archive, which the first orderly stop writes, excludes a flight recording.
      command.add("-XX:+AutoCreateSharedArchive");
      command.add("-XX:SharedArchiveFile=" + folder.resolve("control-plane.jsa"));
    }
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(flags);
    command.add("-Dlogback.configurationFile=logback.xml");
    command.add("-Dconfig.file=" + folder.resolve("settings.conf"));
    command.add("-cp");
    command.add(Path.of("http/target/lib").toAbsolutePath() + "/*");
    command.add("dev.ensemble.http.Main");
    return command;
  }

  /** Waits until /readyz says yes; fails when the process ends before. */
  public void awaitReady() throws Exception {
    Readiness.await(address(), this::mustRun);
  }

  /** Fails, quoting the last output, when the control plane has ended. */
  public void mustRun() {
    if (!controlPlane().isAlive()) {
      throw new IllegalStateException("the control plane has ended:\n" + lastOutput());
    }
  }

  /** Ends the control plane with SIGKILL. Its Cassandra goes on. */
  public void kill() throws InterruptedException {
    controlPlane().destroyForcibly();
    process.orElseThrow().waitFor();
  }

  /**
   * Ends the control plane in order, as {@code ./ensemble down} does. Its Cassandra ends with it.
   */
  public void stop() {
    process.ifPresent(EnsembleProcess::end);
  }

  public ApiAddress address() {
    Path pki = folder.resolve("pki");
    return new ApiAddress(
        HOST, PORT, pki.resolve("ca.crt"), pki.resolve("admin.crt"), pki.resolve("admin.key"));
  }

  public ProcessHandle controlPlane() {
    return process
        .orElseThrow(() -> new IllegalStateException("the control plane was not started"))
        .toHandle();
  }

  /** A connection of one's own to the Cassandra that it started. */
  public CassandraConnection cassandra() {
    return CassandraConnection.open(settings);
  }

  /** Of the Cassandra that it starts. */
  public CassandraSettings cassandraSettings() {
    return settings;
  }

  /** Control plane and Cassandra by name. */
  public Map<String, ProcessHandle> processes() {
    Map<String, ProcessHandle> processes = new LinkedHashMap<>();
    processes.put("ensemble", controlPlane());
    processes.put(
        "cassandra",
        cassandra.running().orElseThrow(() -> new IllegalStateException("Cassandra does not run")));
    return processes;
  }

  private static void end(Process process) {
    process.destroy();
    if (process.onExit().completeOnTimeout(null, STOP_SECONDS_MAX, TimeUnit.SECONDS).join()
        == null) {
      process.destroyForcibly();
    }
  }

  private Path output() {
    return folder.resolve("control-plane.out");
  }

  /** The last lines that the control plane printed. */
  public String lastOutput() {
    try {
      List<String> lines = Files.readAllLines(output());
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size()));
    } catch (IOException e) {
      return "(no output: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    BenchCassandra.forget(cassandra, folder);
  }
}
