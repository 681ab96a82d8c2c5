package dev.ensemble.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.controller.Announcer;
import dev.ensemble.actors.controller.ControllerParts;
import dev.ensemble.actors.controller.ControllerSettings;
import dev.ensemble.actors.controller.Controllers;
import dev.ensemble.actors.controller.EventRecorder;
import dev.ensemble.actors.controller.FactsCache;
import dev.ensemble.actors.controller.Residents;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.node.AgentSessions;
import dev.ensemble.actors.node.BrokerSettings;
import dev.ensemble.actors.node.Heartbeats;
import dev.ensemble.actors.node.NodeBrokers;
import dev.ensemble.actors.node.SessionSettings;
import dev.ensemble.actors.scheduler.Scheduler;
import dev.ensemble.actors.scheduler.SchedulerSettings;
import dev.ensemble.agent.AgentSettings;
import dev.ensemble.agent.node.MachineFacts;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.scheduling.Profile;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import dev.ensemble.http.observe.Health;
import dev.ensemble.http.observe.KamonMetrics;
import dev.ensemble.http.observe.MetricsEndpoint;
import dev.ensemble.http.server.ApiParts;
import dev.ensemble.http.server.ApiServer;
import dev.ensemble.http.server.ApiSettings;
import dev.ensemble.http.tls.ClusterCertificates;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import kamon.Kamon;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running control plane with its API. */
public final class Server {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(10);
  private static final Duration STOP_MAX = Duration.ofSeconds(20);

  private final Journal journal;
  private final ControlPlane plane;
  private final ApiServer api;

  private Server(Journal journal, ControlPlane plane, ApiServer api) {
    this.journal = journal;
    this.plane = plane;
    this.api = api;
  }

  /**
   * Starts everything and waits until the API answers.
   *
   * @throws IllegalStateException when a part does not start
   */
  public static Server start(Config config) {
    ResourceTypes types = BuiltInResources.types();
    Clock clock = Clock.systemUTC();
    Kamon.initWithoutAttaching(config);
    ApiSettings settings = ApiSettings.of(reachable(config).getConfig("ensemble.api"));
    ClusterCertificates certificates =
        ClusterCertificates.open(settings.certificates(), clock::instant);
    // The certificates of this machine's node are there before its agent asks.
    String node = AgentSettings.load(config).nodeName();
    certificates.writeNodeKubeconfig(node, serverUrl(settings));
    certificates.writeAdminKubeconfig(serverUrl(settings));
    Journal journal = Journal.open(config);

    AtomicReference<Announcer> announcer = new AtomicReference<>((note, cause) -> {});
    ControllerParts controllers =
        new ControllerParts(
            () -> types,
            new AdmittedObjects(types),
            (note, cause) -> announcer.get().announce(note, cause),
            new FactsCache(),
            certificates::authorityPem,
            ControllerSettings.DEFAULTS,
            clock);
    Profile profile = DefaultProfile.create();
    Map<ResourceName, Resident> residents = new HashMap<>(Residents.table(controllers));
    residents.put(
        ResourceName.parse("nodes"), new NodeBrokers(profile, BrokerSettings.standard(), clock));
    ControlPlane plane =
        ControlPlane.start(
            new ControlPlane.Parts(
                config, types, journal.store(), journal.sealer(), residents, clock));
    await(plane.ledgers().recovered(), RECOVERY_MAX, "the ledgers recover");

    ActorSystem<?> system = plane.system();
    ActorRef<EventRecorder.Command> recorder =
        spawn(
            system,
            EventRecorder.create(plane::store, ControllerSettings.DEFAULTS, clock),
            "event-recorder");
    announcer.set(EventRecorder.announcer(recorder));
    Heartbeats heartbeats = new Heartbeats(clock.instant());
    AgentSessions sessions =
        AgentSessions.start(
            system,
            plane.store(),
            SessionSettings.standard().withServiceCidr(settings.serviceCidr()),
            heartbeats,
            announcer.get(),
            clock);
    ApiServer api =
        await(
            ApiServer.start(
                system,
                settings,
                new ApiParts(
                    plane.store(),
                    sessions,
                    types,
                    certificates,
                    new KamonMetrics(),
                    checks(plane, journal),
                    MetricsEndpoint::ofKamon,
                    clock::instant)),
            Duration.ofSeconds(60),
            "the API listens");
    spawn(
        system,
        Controllers.create(plane.store(), controllers, heartbeats::lastSeen),
        "controllers");
    spawn(
        system,
        Scheduler.create(
            SchedulerSettings.standard(), profile, plane.store(), announcer.get(), clock),
        "scheduler-" + SchedulerSettings.DEFAULT_NAME);
    return new Server(journal, plane, api);
  }

  /** The API's addresses, with the machine's when none is set: pods cannot reach 127.0.0.1. */
  private static Config reachable(Config config) {
    String path = "ensemble.api.server-addresses";
    return config.getStringList(path).isEmpty()
        ? config.withValue(
            path, ConfigValueFactory.fromIterable(List.of(MachineFacts.mainAddress())))
        : config;
  }

  private static List<Health.Check> checks(ControlPlane plane, Journal journal) {
    return List.of(
        new Health.Check("ledgers", Health.Scope.READY, plane.ledgers()::areRunning),
        new Health.Check("cassandra", Health.Scope.READY, journal::isUp),
        new Health.Check("cassandra-disk", Health.Scope.READY, journal::hasRoom));
  }

  private static <T> ActorRef<T> spawn(ActorSystem<?> system, Behavior<T> behavior, String name) {
    Behavior<T> supervised =
        Behaviors.supervise(behavior)
            .onFailure(
                SupervisorStrategy.restartWithBackoff(
                    Duration.ofMillis(200), Duration.ofSeconds(10), 0.1));
    return system.systemActorOf(supervised, name, Props.empty());
  }

  private static String serverUrl(ApiSettings settings) {
    String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
    return "https://" + host + ":" + settings.port();
  }

  static <T> T await(CompletionStage<T> stage, Duration limit, String what) {
    try {
      return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before " + what, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("waited in vain until " + what, e);
    }
  }

  public InetSocketAddress address() {
    return api.address();
  }

  /** Ends requests, then actors, then Cassandra when it is our own. */
  public void stop() {
    CompletableFuture<?> stopped =
        api.stop().thenCompose(done -> plane.stop()).toCompletableFuture();
    try {
      stopped.get(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the control plane did not stop in order", e);
    }
    journal.close();
  }
}
