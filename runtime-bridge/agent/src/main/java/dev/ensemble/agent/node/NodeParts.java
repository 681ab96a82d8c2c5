package dev.ensemble.agent.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.AgentSettings;
import dev.ensemble.agent.containerd.PrivateContainerd;
import dev.ensemble.agent.core.image.ImageCollection.Disk;
import dev.ensemble.agent.core.pod.DnsRules;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodSources.NodeFacts;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.agent.pod.PodFolders;
import dev.ensemble.agent.pod.PodServices;
import dev.ensemble.agent.pod.TokenSource;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.agent.runtime.PodRuntime.EventListener;
import dev.ensemble.agent.runtime.PodRuntime.RuntimeHealth;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the node's actor works with; all that blocks is done here, on the given executor. */
public final class NodeParts {
  private static final Logger LOG = LoggerFactory.getLogger(NodeParts.class);
  private static final Duration NETWORK_READY_TIMEOUT = Duration.ofSeconds(20);

  /** Keeps a runtime that is away from being dialled without end. */
  private static final Duration REVIVE_PAUSE = Duration.ofMillis(500);

  private static final Duration POLL = Duration.ofMillis(25);

  private final AgentSettings settings;
  private final PodRuntime runtime;
  private final Optional<PrivateContainerd> containerd;
  private final Optional<Cgroups> cgroups;
  private final NodeNetwork network;
  private final TokenSource tokens;
  private final AgentMetrics metrics;
  private final Executor io;
  private final PodDirectory directory = new PodDirectory();
  private final PodFolders folders;
  private final DesiredCache cache;
  private final ClusterObjects objects;
  private final String address;
  private final StreamOpener streams;
  private final LatestOnly<ToAgent.ServicesDesired> serviceChanges;

  /**
   * @param containerd the private one, which is started again when it dies
   */
  public NodeParts(
      AgentSettings settings,
      PodRuntime runtime,
      Optional<PrivateContainerd> containerd,
      Optional<Cgroups> cgroups,
      NodeNetwork network,
      StreamOpenerFactory streams,
      TokenSource tokens,
      AgentMetrics metrics,
      Executor io)
      throws IOException {
    this.settings = settings;
    this.runtime = runtime;
    this.containerd = containerd;
    this.cgroups = cgroups;
    this.network = network;
    this.tokens = tokens;
    this.metrics = metrics;
    this.io = io;
    Files.createDirectories(settings.folder());
    this.folders = new PodFolders(settings.folder());
    this.cache = new DesiredCache(settings.folder().resolve("desired"));
    this.address = settings.address().orElseGet(MachineFacts::mainAddress);
    MachineFacts machine = MachineFacts.read(settings.folder());
    this.objects =
        new ClusterObjects(
            new NodeFacts(
                settings.nodeName(),
                List.of(address),
                machine.cpus() * 1000L - settings.reservedCpuMilli(),
                machine.memoryBytes() - settings.reservedMemoryBytes(),
                settings.dnsServers(),
                settings.dnsDomain(),
                hostDns(),
                settings.folder().resolve("seccomp").toString()));
    this.streams = streams.create(directory, folders);
    this.serviceChanges = new LatestOnly<>(io, this::applyNow);
  }

  /** Streams need the pods that are here. */
  public interface StreamOpenerFactory {
    StreamOpener create(PodDirectory directory, PodFolders folders);
  }

  private static DnsRules.Dns hostDns() {
    try {
      return DnsRules.Dns.parse(Files.readString(Path.of("/etc/resolv.conf")));
    } catch (IOException e) {
      return new DnsRules.Dns(List.of(), List.of(), List.of());
    }
  }

  AgentSettings settings() {
    return settings;
  }

  DesiredCache cache() {
    return cache;
  }

  ClusterObjects objects() {
    return objects;
  }

  public PodDirectory directory() {
    return directory;
  }

  public PodFolders folders() {
    return folders;
  }

  AgentMetrics metrics() {
    return metrics;
  }

  StreamOpener streams() {
    return streams;
  }

  FromAgent.Hello hello(ObjectNode status, Set<String> podUids) {
    String version =
        Optional.ofNullable(NodeParts.class.getPackage().getImplementationVersion())
            .orElse("development");
    return new FromAgent.Hello(
        version, labels(), NodeStatus.heardAt(status, Instant.now()), List.copyOf(podUids));
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>(settings.labels());
    String arch = System.getProperty("os.arch");
    labels.putIfAbsent("kubernetes.io/hostname", settings.nodeName());
    labels.putIfAbsent("kubernetes.io/os", "linux");
    labels.putIfAbsent("kubernetes.io/arch", arch.equals("aarch64") ? "arm64" : arch);
    return labels;
  }

  PodServices podServices(Consumer<FromAgent.EventObserved> events) {
    return PodServices.of(
        runtime,
        folders,
        cgroups,
        (pod, container, severity, reason, message) ->
            events.accept(
                new FromAgent.EventObserved(
                    "Pod",
                    pod.namespace(),
                    pod.name(),
                    pod.uid(),
                    fieldPath(pod, container),
                    severity.word(),
                    reason,
                    message)),
        objects,
        new PodServices.Outside(tokens, metrics, settings.images().pullsMax()),
        Clock.systemUTC(),
        io);
  }

  private static String fieldPath(PodDefinition pod, String container) {
    return container.isEmpty() ? "" : "spec." + pod.fieldOf(container) + "{" + container + "}";
  }

  /**
   * Begins to keep the disk of the images from filling up.
   *
   * @param shortfall hears why not enough could be removed
   */
  public ImageCollector collectImages(Consumer<String> shortfall) {
    ImageCollector collector =
        imageCollector(() -> ImageCollector.diskOf(settings.folder()), shortfall);
    collector.start(settings.images().interval().toSeconds());
    return collector;
  }

  ImageCollector imageCollector(Supplier<Disk> disk, Consumer<String> shortfall) {
    return new ImageCollector(
        runtime,
        directory,
        settings.images(),
        Set.of(settings.runtime().sandboxImage()),
        disk,
        metrics,
        shortfall,
        Clock.systemUTC());
  }

  AutoCloseable subscribe(EventListener listener, Runnable lost) {
    return runtime.subscribe(listener, lost);
  }

  /** Starts the private runtime again if it died. */
  CompletionStage<Void> reviveRuntime() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            if (containerd.isPresent()) {
              containerd.get().ensureRunning();
            }
          } catch (IOException | TimeoutException e) {
            LOG.error("the runtime does not come back", e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        CompletableFuture.delayedExecutor(REVIVE_PAUSE.toMillis(), TimeUnit.MILLISECONDS, io));
  }

  /** Done when the runtime has taken the network's configuration up. */
  CompletionStage<Void> join(ToAgent.Welcome welcome) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            network.join(welcome);
            Instant deadline = Instant.now().plus(NETWORK_READY_TIMEOUT);
            while (runtime.health().toCompletableFuture().join().networkProblem().isPresent()
                && Instant.now().isBefore(deadline)) {
              TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
          }
        },
        io);
  }

  /** The newest wins; one change of the rules at a time. */
  void applyServices(ToAgent.ServicesDesired desired) {
    serviceChanges.offer(desired);
  }

  private void applyNow(ToAgent.ServicesDesired desired) {
    try {
      network.services(desired);
    } catch (IOException e) {
      LOG.error("the packet rules for Services were not changed", e);
    }
  }

  public CompletionStage<ObjectNode> status(JsonNode previous) {
    return runtime
        .health()
        .thenApply(Optional::of)
        .exceptionally(failure -> Optional.<RuntimeHealth>empty())
        .thenCombine(
            runtime.images().exceptionally(failure -> List.of()),
            (health, images) -> {
              try {
                return NodeStatus.of(
                    settings,
                    address,
                    MachineFacts.read(settings.folder()),
                    health,
                    images,
                    previous,
                    Instant.now());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
