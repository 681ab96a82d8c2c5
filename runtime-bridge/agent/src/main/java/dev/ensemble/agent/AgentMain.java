package dev.ensemble.agent;

import akka.actor.typed.ActorSystem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.agent.containerd.ContainerdConfig;
import dev.ensemble.agent.containerd.PrivateContainerd;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.cri.CriRuntime;
import dev.ensemble.agent.network.BridgeNetwork;
import dev.ensemble.agent.node.ImageCollector;
import dev.ensemble.agent.node.NodeAgent;
import dev.ensemble.agent.node.NodeNetwork;
import dev.ensemble.agent.node.NodeParts;
import dev.ensemble.agent.node.PodDirectory;
import dev.ensemble.agent.node.Uplink;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.observe.KamonAgentMetrics;
import dev.ensemble.agent.observe.MetricsServer;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.agent.pod.TokenSource;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.SimulatedRuntime;
import dev.ensemble.agent.session.ApiTokens;
import dev.ensemble.agent.session.PemTls;
import dev.ensemble.agent.session.SessionClient;
import dev.ensemble.agent.session.SessionNote;
import dev.ensemble.agent.stream.LogRotation;
import dev.ensemble.agent.stream.StreamDialer;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's process. {@code run} (the default) runs the node's pods; SIGTERM ends the agent and
 * leaves them running. {@code down} ends the pods, the private containerd, and removes what was
 * made in the network and the cgroups.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class AgentMain {
  private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);

  /** Blocking work: more waits in line with its caller. */
  private static final int IO_THREADS_MAX = 64;

  /** A control plane that starts beside this agent writes them at its first start. */
  private static final Duration CERTIFICATES_TIMEOUT = Duration.ofMinutes(2);

  private AgentMain() {}

  public static void main(String[] arguments) throws Exception {
    // Before the first HTTP client of this process: probes may set the Host header.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection");
    String command = arguments.length == 0 ? "run" : arguments[0];
    Config config =
        ConfigFactory.load(
            ConfigFactory.defaultOverrides()
                .withFallback(ConfigFactory.defaultApplication())
                .withFallback(ConfigFactory.parseResources("ensemble.conf")));
    AgentSettings settings = AgentSettings.load(config);
    switch (command) {
      case "run" -> run(settings, config);
      case "down" -> {
        List<String> problems = Down.run(settings, network(settings));
        problems.forEach(System.err::println);
        System.exit(problems.isEmpty() ? 0 : 1);
      }
      default -> throw new IllegalArgumentException("unknown command " + command + ": run, down");
    }
  }

  private static void run(AgentSettings settings, Config config)
      throws IOException, GeneralSecurityException, InterruptedException, TimeoutException {
    ExecutorService io = ioThreads();
    Optional<PrivateContainerd> containerd = containerd(settings);
    if (containerd.isPresent()) {
      containerd.get().ensureRunning();
    }
    AgentMetrics metrics =
        settings.metrics().enabled() ? new KamonAgentMetrics() : AgentMetrics.NONE;
    PodRuntime runtime = runtime(settings, io, metrics);
    PemTls.await(settings.tls(), CERTIFICATES_TIMEOUT);
    HttpClient client =
        HttpClient.newBuilder().executor(io).sslContext(PemTls.context(settings.tls())).build();
    NodeParts parts =
        new NodeParts(
            settings,
            runtime,
            containerd,
            cgroups(settings),
            network(settings),
            (directory, folders) ->
                new StreamDialer(
                    client, address(settings, "streams/"), directory, folders, runtime, io),
            tokens(settings, client),
            metrics,
            io);
    Optional<MetricsServer> metricsServer = serveMetrics(settings, config, parts.directory());
    ObjectNode status = parts.status(Fields.object()).toCompletableFuture().join();
    ActorSystem<NodeAgent.Command> system =
        ActorSystem.create(NodeAgent.create(parts, status), "agent", akka());
    LogRotation rotation =
        LogRotation.start(
            parts.directory(),
            parts.folders(),
            runtime,
            containerd.map(c -> c.config().logFile()),
            settings.logBytesMax(),
            settings.logFilesMax());
    SessionNote note = new SessionNote(settings.folder(), settings.nodeName(), new ToActor(system));
    SessionClient session =
        new SessionClient(
            client,
            address(settings, "session"),
            settings.sessionBackoffMin(),
            settings.sessionBackoffMax(),
            note);
    session.start();
    Optional<ImageCollector> collector =
        settings.runtime().simulated()
            ? Optional.empty()
            : Optional.of(parts.collectImages(message -> system.tell(ofNode(settings, message))));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  session.close();
                  note.remove();
                  rotation.close();
                  collector.ifPresent(ImageCollector::close);
                  metricsServer.ifPresent(MetricsServer::close);
                  system.terminate();
                  runtime.close();
                },
                "shutdown"));
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private static NodeAgent.Command ofNode(AgentSettings settings, String message) {
    String name = settings.nodeName();
    return new NodeAgent.EventHappened(
        new FromAgent.EventObserved(
            "Node", "", name, name, "", "Warning", "FreeDiskSpaceFailed", message));
  }

  /** A node that cannot show its metrics runs its pods all the same. */
  private static Optional<MetricsServer> serveMetrics(
      AgentSettings settings, Config config, PodDirectory directory) {
    AgentSettings.MetricsSettings metrics = settings.metrics();
    if (!metrics.enabled()) {
      return Optional.empty();
    }
    try {
      MetricsServer server =
          MetricsServer.start(
              new InetSocketAddress(metrics.host(), metrics.port()),
              metrics.interval(),
              config,
              () -> directory.all().size(),
              () -> directory.all().stream().mapToInt(e -> e.facts().running().size()).sum());
      LOG.info("metrics at http:/{}/metrics", server.address());
      return Optional.of(server);
    } catch (IOException e) {
      LOG.error("metrics cannot be served at {}:{}", metrics.host(), metrics.port(), e);
      return Optional.empty();
    }
  }

  private static TokenSource tokens(AgentSettings settings, HttpClient client) {
    return settings.runtime().simulated()
        ? TokenSource.NOBODY_READS
        : new ApiTokens(client, settings.server(), Clock.systemUTC());
  }

  private record ToActor(ActorSystem<NodeAgent.Command> system) implements SessionClient.Listener {
    @Override
    public void opened(Uplink uplink) {
      system.tell(new NodeAgent.SessionOpened(uplink));
    }

    @Override
    public void received(ToAgent message) {
      system.tell(new NodeAgent.Received(message));
    }

    @Override
    public void closed() {
      system.tell(new NodeAgent.SessionClosed());
    }
  }

  private static URI address(AgentSettings settings, String path) {
    String server = settings.server().toString().replaceFirst("^http", "ws").replaceFirst("/$", "");
    return URI.create(server + "/ensemble/v1/nodes/" + settings.nodeName() + "/" + path);
  }

  /** A small system of its own: the agent is no member of any cluster. */
  private static Config akka() {
    return ConfigFactory.parseString(
            """
            akka {
              actor.provider = local
              loglevel = INFO
              loggers = ["akka.event.slf4j.Slf4jLogger"]
              logging-filter = "akka.event.slf4j.Slf4jLoggingFilter"
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
              actor.default-dispatcher {
                fork-join-executor { parallelism-min = 1, parallelism-factor = 0.5, parallelism-max = 4 }
                throughput = 32
              }
              actor.internal-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 1 }
            }
            """)
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  private static ExecutorService ioThreads() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            0,
            IO_THREADS_MAX,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            runnable -> {
              Thread thread = new Thread(null, runnable, "io", 256 * 1024);
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
    return pool;
  }

  static Optional<PrivateContainerd> containerd(AgentSettings settings) {
    AgentSettings.RuntimeSettings runtime = settings.runtime();
    if (runtime.simulated() || runtime.socket().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new PrivateContainerd(
            new ContainerdConfig(runtime.home(), runtime.sandboxImage(), runtime.cniBinaries()),
            runtime.binary()));
  }

  static PodRuntime runtime(AgentSettings settings, ExecutorService io, AgentMetrics metrics) {
    if (settings.runtime().simulated()) {
      return new SimulatedRuntime();
    }
    return new CriRuntime(
        settings.runtime().socket().orElse(settings.runtime().home().resolve("containerd.sock")),
        io,
        metrics);
  }

  static Optional<Cgroups> cgroups(AgentSettings settings) {
    return settings.runtime().simulated()
        ? Optional.empty()
        : Optional.of(
            new Cgroups(
                Path.of("/sys/fs/cgroup"),
                settings.runtime().cgroupParent(),
                settings.podPidsMax()));
  }

  static NodeNetwork network(AgentSettings settings) {
    if (settings.runtime().simulated()) {
      return NodeNetwork.NONE;
    }
    return new BridgeNetwork(
        settings.network(),
        settings.nodeName(),
        containerd(settings).map(c -> c.config().cniConfig()),
        settings.folder().resolve("network"));
  }
}
