package dev.ensemble.agent;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.agent.containerd.ContainerdConfig;
import dev.ensemble.agent.containerd.PrivateContainerd;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.cri.CriRuntime;
import dev.ensemble.agent.network.BridgeNetwork;
import dev.ensemble.agent.node.NodeAgent;
import dev.ensemble.agent.node.NodeParts;
import dev.ensemble.agent.node.Uplink;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.agent.pod.TokenSource;
import dev.ensemble.agent.runtime.PodRuntime;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** A node on a containerd of its own, with its own names for everything, and no control plane. */
public final class TestNode {
  static final ObjectMapper JSON = new ObjectMapper();

  final AgentSettings settings;
  final PrivateContainerd containerd;
  final List<FromAgent.EventObserved> events = new CopyOnWriteArrayList<>();
  final Map<String, ObjectNode> statuses = new ConcurrentHashMap<>();
  final List<String> ended = new CopyOnWriteArrayList<>();
  final List<FromAgent> sent = new CopyOnWriteArrayList<>();
  private final Map<String, ObjectNode> objects = new ConcurrentHashMap<>();
  private final ExecutorService io = Executors.newCachedThreadPool();
  private final Place place;
  private final AgentMetrics metrics;

  /** Answers requests for tokens; none by default. */
  private final AtomicReference<TokenSource> tokens =
      new AtomicReference<>(
          wanted -> CompletableFuture.failedFuture(new IllegalStateException("no API here")));

  private PodRuntime runtime;
  private NodeParts parts;
  private ActorTestKit kit;
  private ActorRef<NodeAgent.Command> agent;

  /**
   * Names and ranges of one node's things.
   *
   * @param subnet second byte of the pods' range; the next one is that of Services
   */
  public record Place(String name, int subnet) {}

  public TestNode(Path folder) throws Exception {
    this(folder, new Place("it", 213), AgentMetrics.NONE);
  }

  public TestNode(Path folder, Place place, AgentMetrics metrics) throws Exception {
    this.place = place;
    this.metrics = metrics;
    settings =
        AgentSettings.load(
            ConfigFactory.parseString(
                    """
                    ensemble.agent {
                      node-name = %1$s-node
                      folder = "%2$s"
                      runtime { cgroup-parent = ensemble-%1$s, relist-interval = 5s }
                      network { bridge = ens%1$s0, nft-table = ensemble-%1$s }
                      images.kept = ["docker.io/library/busybox:1.35.0"]
                    }
                    """
                        .formatted(place.name(), folder))
                .withFallback(ConfigFactory.parseResources("ensemble.conf"))
                .resolve());
    containerd =
        new PrivateContainerd(
            new ContainerdConfig(
                settings.runtime().home(),
                settings.runtime().sandboxImage(),
                settings.runtime().cniBinaries()),
            settings.runtime().binary());
    containerd.ensureRunning();
    importImages(containerd.config().socket(), List.of());
    startAgent();
  }

  static void importImages(Path socket, List<String> images) throws Exception {
    Path cache =
        Path.of(System.getProperty("ensemble.test.images", Path.of("target", "images").toString()));
    Files.createDirectories(cache);
    List<String> command =
        new ArrayList<>(List.of("../images/build-images.sh", cache.toString(), socket.toString()));
    command.addAll(images);
    Process script = new ProcessBuilder(command).inheritIO().start();
    if (script.waitFor() != 0) {
      throw new IllegalStateException("images were not built");
    }
  }

  void startAgent() throws Exception {
    runtime = new CriRuntime(containerd.config().socket(), io, metrics);
    parts =
        new NodeParts(
            settings,
            runtime,
            Optional.of(containerd),
            Optional.of(cgroups()),
            network(),
            (directory, folders) -> (request, uplink) -> {},
            wanted -> tokens.get().request(wanted),
            metrics,
            io);
    kit = ActorTestKit.create();
    agent =
        kit.spawn(
            NodeAgent.create(parts, parts.status(Fields.object()).toCompletableFuture().join()));
  }

  /** The agent ends; its pods go on. */
  void stopAgent() {
    kit.shutdownTestKit();
    runtime.close();
  }

  public void open() {
    agent.tell(new NodeAgent.SessionOpened(uplink()));
    String pods = "10." + place.subnet();
    tell(
        new ToAgent.Welcome(
            pods + ".1.0/24", pods + ".0.0/16", "10." + (place.subnet() + 1) + ".0.0/16", 5));
  }

  public void synced() {
    tell(new ToAgent.ServicesDesired(List.of(), List.of()));
    tell(new ToAgent.Synced());
  }

  private Uplink uplink() {
    return message -> {
      sent.add(message);
      if (message instanceof FromAgent.PodReported reported) {
        statuses.put(reported.uid(), reported.status());
      } else if (message instanceof FromAgent.EventObserved event) {
        events.add(event);
      } else if (message instanceof FromAgent.PodEnded end) {
        ended.add(end.uid());
      } else if (message instanceof FromAgent.Want want) {
        answer(want.resource(), want.name());
      }
    };
  }

  /** A ConfigMap or Secret of the namespace default, as it is from now on; empty: there is none. */
  public void put(String resource, String name, Optional<ObjectNode> object) {
    String key = resource + "/" + name;
    object.ifPresentOrElse(value -> objects.put(key, value), () -> objects.remove(key));
    answer(resource, name);
  }

  private void answer(String resource, String name) {
    tell(
        new ToAgent.ObjectChanged(
            resource,
            "default",
            name,
            Optional.ofNullable(objects.get(resource + "/" + name)).map(ObjectNode::deepCopy)));
  }

  public void tell(ToAgent message) {
    agent.tell(new NodeAgent.Received(message));
  }

  public JsonNode status(String uid) {
    return statuses.getOrDefault(uid, Fields.object());
  }

  public String phase(String uid) {
    return Fields.text(status(uid), "phase");
  }

  public void tokensFrom(TokenSource source) {
    tokens.set(source);
  }

  /** The events of a pod, or of one of its containers. */
  public List<FromAgent.EventObserved> events(String uid, String fieldPath) {
    return events.stream()
        .filter(e -> e.uid().equals(uid) && e.fieldPath().contains(fieldPath))
        .toList();
  }

  /** Asks for the pod's end. */
  public void delete(String uid) {
    ObjectNode deleted = parts.directory().find(uid).orElseThrow().pod().object().deepCopy();
    ((ObjectNode) deleted.path("metadata"))
        .put("deletionTimestamp", "2026-01-01T00:00:00Z")
        .put("deletionGracePeriodSeconds", 1);
    tell(new ToAgent.PodDesired(deleted));
  }

  public boolean ended(String uid) {
    return ended.contains(uid);
  }

  public PrivateContainerd containerd() {
    return containerd;
  }

  public PodRuntime runtime() {
    return runtime;
  }

  public NodeParts parts() {
    return parts;
  }

  private Cgroups cgroups() {
    return new Cgroups(
        Path.of("/sys/fs/cgroup"), settings.runtime().cgroupParent(), settings.podPidsMax());
  }

  private BridgeNetwork network() {
    return new BridgeNetwork(
        settings.network(),
        settings.nodeName(),
        Optional.of(containerd.config().cniConfig()),
        settings.folder().resolve("network"));
  }

  public void close() throws Exception {
    kit.shutdownTestKit();
    runtime.close();
    Down.run(settings, network());
    io.shutdownNow();
  }
}
