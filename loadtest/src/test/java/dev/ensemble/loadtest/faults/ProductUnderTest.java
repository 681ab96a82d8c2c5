package dev.ensemble.loadtest.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.agent.os.Mounts;
import dev.ensemble.loadtest.machine.PrivateNetwork;
import dev.ensemble.loadtest.machine.Programs;
import dev.ensemble.persistence.cassandra.CassandraSettings;
import dev.ensemble.persistence.cassandra.EmbeddedCassandra;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The product in processes of its own, started as the launcher starts them, in a folder of its own
 * below {@code target}. {@link #close} ends and removes everything, whatever state it is in.
 */
final class ProductUnderTest implements AutoCloseable {
  static final Duration START_MAX = Duration.ofMinutes(5);
  private static final String LOOPBACK = "127.0.0.61";
  private static final Duration STOP_MAX = Duration.ofSeconds(40);
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

  private static final String AGENT_MAIN = "dev.ensemble.agent.AgentMain";
  private static final List<String> AGENT_FLAGS =
      List.of(
          "-Xmx64m",
          "-XX:TieredStopAtLevel=1",
          "-XX:MaxMetaspaceSize=96m",
          "-Djdk.httpclient.allowRestrictedHeaders=host",
          "-Dlogback.configurationFile=logback-agent.xml");

  private final Path folder;
  private final Path containerdHome;
  private final Optional<PrivateNetwork> network;
  private final Path settings;
  private final Thread atExit = new Thread(this::endAndRemove, "end-product");
  private Optional<Process> controlPlane = Optional.empty();
  private Optional<Process> agent = Optional.empty();
  private Optional<ApiClient> api = Optional.empty();
  private List<String> controlPlaneFlags =
      List.of("-Xmx384m", "-Dlogback.configurationFile=logback.xml");

  private ProductUnderTest(String name, Optional<PrivateNetwork> network) throws IOException {
    this.folder = ROOT.resolve("loadtest/target/faults").resolve(name);
    this.containerdHome = Path.of("/run/ensemble-it-" + name);
    this.network = network;
    this.settings = folder.resolve("settings.conf");
    if (Files.exists(settings)) {
      // Left by a run that was killed.
      endAll();
      Mounts.unmountBelow(folder);
    }
    Programs.output(List.of("rm", "-rf", folder.toString()));
    Files.createDirectories(folder.resolve("log"));
    Files.writeString(
        settings,
        ProductSettings.text(folder, ROOT, address(), network.isPresent(), containerdHome));
    if (network.isPresent()) {
      putContainerd();
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** A node whose containers are accounted for only: for faults of the control plane. */
  static ProductUnderTest simulated(String name) throws IOException {
    return new ProductUnderTest(name, Optional.empty());
  }

  /** A node with a containerd of its own, all in a network of its own. Needs root. */
  static ProductUnderTest onContainerd(String name) throws IOException {
    return new ProductUnderTest(name, Optional.of(PrivateNetwork.create("ensf", "10.231.61")));
  }

  /** For the control plane's next start. */
  ProductUnderTest withFlag(String flag) {
    List<String> flags = new ArrayList<>(controlPlaneFlags);
    flags.add(flag);
    controlPlaneFlags = List.copyOf(flags);
    return this;
  }

  /** Where the API and the node are. */
  String address() {
    return network.map(PrivateNetwork::inside).orElse(LOOPBACK);
  }

  /** Everything that says where what is. */
  Config config() {
    return ConfigFactory.parseFile(settings.toFile())
        .withFallback(ConfigFactory.parseResources("ensemble.conf"))
        .resolve();
  }

  // ---------------------------------------------------------------- starting

  /** A part of a start. */
  interface Step {
    void take(ProductUnderTest product) throws IOException;
  }

  /** Takes the steps, and ends all again when one of them fails. */
  ProductUnderTest begin(Step... steps) throws IOException {
    try {
      for (Step step : steps) {
        step.take(this);
      }
      return this;
    } catch (IOException | RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  void start() throws IOException {
    startControlPlane();
    startAgent();
  }

  void startControlPlane() throws IOException {
    controlPlane =
        Optional.of(
            startJava(
                "control-plane", "http/target/lib", controlPlaneFlags, "dev.ensemble.http.Main"));
    await("the API is ready, see " + folder.resolve("log/control-plane.log"))
        .atMost(START_MAX)
        .pollInterval(Duration.ofMillis(100))
        .failFast(() -> !controlPlane.orElseThrow().isAlive())
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> Files.exists(folder.resolve("pki/admin.key")) && api().get("/readyz").accepted());
  }

  void startAgent() throws IOException {
    agent =
        Optional.of(startJava("agent", "runtime-bridge/agent/target/lib", AGENT_FLAGS, AGENT_MAIN));
    await("the node is ready, see " + folder.resolve("log/agent.log"))
        .atMost(START_MAX)
        .pollInterval(Duration.ofMillis(200))
        .failFast(() -> !agent.orElseThrow().isAlive())
        .until(
            () ->
                condition(api().get("/api/v1/nodes/" + ProductSettings.NODE).body(), "Ready")
                    .equals("True"));
  }

  private Process startJava(String name, String lib, List<String> flags, String... main)
      throws IOException {
    File log = folder.resolve("log").resolve(name + ".log").toFile();
    return new ProcessBuilder(java(lib, flags, main))
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private List<String> java(String lib, List<String> flags, String... main) {
    List<String> command = new ArrayList<>(network.map(PrivateNetwork::prefix).orElse(List.of()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms32m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xss512k",
            "-Dfile.encoding=UTF-8",
            "-Dconfig.file=" + settings));
    command.addAll(flags);
    command.addAll(List.of("-cp", ROOT.resolve(lib) + "/*"));
    command.addAll(List.of(main));
    return command;
  }

  /** Without it a containerd that died cannot be started again. */
  void takeContainerd() throws IOException {
    Files.delete(folder.resolve("containerd"));
  }

  void putContainerd() throws IOException {
    String binary = Programs.output(List.of("sh", "-c", "command -v containerd")).strip();
    Files.createSymbolicLink(folder.resolve("containerd"), Path.of(binary));
  }

  /** Puts the sample's images into the node's containerd. */
  void importImages() throws IOException {
    Programs.output(
        List.of(
            ROOT.resolve("runtime-bridge/images/build-images.sh").toString(),
            // Built once for all runs.
            ROOT.resolve("loadtest/target/images").toString(),
            containerdHome.resolve("containerd.sock").toString()));
  }

  // ---------------------------------------------------------------- speaking

  ApiClient api() {
    if (api.isEmpty()) {
      api =
          Optional.of(
              new ApiClient(
                  URI.create("https://" + address() + ":" + ProductSettings.PORT), pki()));
    }
    return api.get();
  }

  /** What is served as plain text. */
  String text(String path) throws IOException {
    return Programs.run(
            inside(
                "curl",
                "-sS",
                "-m",
                "20",
                "--cacert",
                pki().resolve("ca.crt").toString(),
                "https://" + address() + ":" + ProductSettings.PORT + path))
        .output();
  }

  Path pki() {
    return folder.resolve("pki");
  }

  Path folder() {
    return folder;
  }

  Path containerdHome() {
    return containerdHome;
  }

  /** The state of a condition in an object's status; empty when it is not there. */
  static String condition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  Programs.Ended kubectl(String... arguments) throws IOException {
    return Programs.run(kubectlCommand(arguments));
  }

  /** For what must go on while the test does: port-forward. */
  List<String> kubectlCommand(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(inside("kubectl", "--kubeconfig", pki().resolve("admin.conf").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A command in the product's network. */
  List<String> inside(String... command) {
    List<String> all = new ArrayList<>(network.map(PrivateNetwork::prefix).orElse(List.of()));
    all.addAll(List.of(command));
    return all;
  }

  // ---------------------------------------------------------------- faults and the end

  void killControlPlane() throws InterruptedException {
    kill(controlPlane.orElseThrow());
  }

  void killAgent() throws InterruptedException {
    kill(agent.orElseThrow());
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(process.pid() + " cannot be killed");
    }
  }

  private EmbeddedCassandra cassandra() {
    return new EmbeddedCassandra(CassandraSettings.from(config()).embedded());
  }

  long cassandraPid() {
    return cassandra().running().orElseThrow().pid();
  }

  /** -1 while none runs. */
  long cassandraPidNow() {
    return cassandra().running().map(ProcessHandle::pid).orElse(-1L);
  }

  long containerdPid() throws IOException {
    String pid = Files.readString(containerdHome.resolve("containerd.pid"));
    return Long.parseLong(pid.substring(0, pid.indexOf(' ')));
  }

  /** The agent ends, then its pods and all that it made. */
  void endNode() throws IOException {
    agent.ifPresent(ProductUnderTest::end);
    agent = Optional.empty();
    if (network.isPresent() && Files.exists(folder.resolve("agent"))) {
      Programs.output(java("runtime-bridge/agent/target/lib", AGENT_FLAGS, AGENT_MAIN, "down"));
    }
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void endAll() {
    try {
      endNode();
    } catch (IOException e) {
      System.err.println("the node did not end in order: " + e.getMessage());
      removeByForce();
    }
    controlPlane.ifPresent(ProductUnderTest::end);
    controlPlane = Optional.empty();
    cassandra().stop();
  }

  /** For a node that cannot end in order: the next test must not meet what is left of it. */
  private void removeByForce() {
    ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains("" + containerdHome))
        .forEach(
            process -> {
              process.descendants().forEach(ProcessHandle::destroyForcibly);
              process.destroyForcibly();
            });
    try {
      Mounts.unmountBelow(containerdHome);
      Mounts.unmountBelow(folder);
      new Cgroups(Path.of("/sys/fs/cgroup"), ProductSettings.CGROUP, 1).removeAll();
    } catch (IOException e) {
      System.err.println("something is left: " + e.getMessage());
    }
  }

  /** Fails when the node did not end in order: leaving nothing behind is part of the product. */
  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    try {
      endNode();
    } finally {
      endAndRemove();
    }
  }

  private void endAndRemove() {
    endAll();
    try {
      if (network.isPresent()) {
        network.get().close();
      }
      // The logs stay.
      Programs.output(
          List.of(
              "rm",
              "-rf",
              containerdHome.toString(),
              folder.resolve("cassandra/data").toString(),
              folder.resolve("cassandra/commitlog").toString(),
              folder.resolve("agent").toString()));
    } catch (IOException e) {
      System.err.println("something is left: " + e.getMessage());
    }
  }
}
