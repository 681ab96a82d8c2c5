package dev.ensemble.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
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
import dev.ensemble.actors.observe.MeasuredMailbox;
import dev.ensemble.actors.scheduler.Advice;
import dev.ensemble.actors.scheduler.Scheduler;
import dev.ensemble.actors.scheduler.SchedulerSettings;
import dev.ensemble.agent.AgentSettings;
import dev.ensemble.agent.node.MachineFacts;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.scheduling.Profile;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.http.admission.PodAdmissions;
import dev.ensemble.http.observe.Health;
import dev.ensemble.http.observe.KamonMetrics;
import dev.ensemble.http.observe.MetricsEndpoint;
import dev.ensemble.http.observe.ProcessMetrics;
import dev.ensemble.http.read.Views;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
  private final AtomicReference<Phase> phase;

  private enum Phase {
    STARTING,
    RUNNING,
    STOPPING
  }

  private Server(Journal journal, ControlPlane plane, ApiServer api, AtomicReference<Phase> phase) {
    this.phase = phase;
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
    ControllerSettings controlling = ControllerSettings.from(config);
    SchedulerSettings scheduling = SchedulerSettings.from(config);
    SessionSettings sessionSettings = SessionSettings.from(config, settings.serviceCidr());
    ListeningPorts.requireFree(settings.host(), settings.port(), "ensemble.api.port");
    // Cassandra takes seconds to start: what does not need it is made ready meanwhile.
    CompletableFuture<Journal> opening = opening(config);
    ActorSystem<Void> actors = ControlPlane.system(config, types);
    Definitions.builtIn();
    Journal journal = opened(opening, actors);
    LOG.info("the journal is open");

    AtomicReference<Announcer> announcer = new AtomicReference<>((note, cause) -> {});
    AtomicReference<Optional<PodAdmissions>> podAdmissions =
        new AtomicReference<>(Optional.empty());
    ControllerParts controllers =
        new ControllerParts(
            () -> types,
            new AdmittedObjects(types, podAdmissions::get),
            (note, cause) -> announcer.get().announce(note, cause),
            new FactsCache(),
            certificates::authorityPem,
            controlling,
            clock);
    Profile profile = DefaultProfile.create(scheduling.search());
    Map<ResourceName, Resident> residents = new HashMap<>(Residents.table(controllers));
    residents.put(
        ResourceName.parse("nodes"), new NodeBrokers(profile, BrokerSettings.standard(), clock));
    ControlPlane plane =
        ControlPlane.start(
            actors,
            new ControlPlane.Parts(
                config, types, journal.store(), journal.sealer(), residents, clock));
    await(plane.ledgers().recovered(), RECOVERY_MAX, "the ledgers recover");
    LOG.info("the ledgers have recovered");
    // Not before: an account that is not read back yet would be taken for none.
    podAdmissions.set(Optional.of(new PodAdmissions(new Views(plane.store(), types))));

    ActorSystem<?> system = plane.system();
    ProcessMetrics.watch(system);
    AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
    ActorRef<EventRecorder.Command> recorder =
        spawn(system, EventRecorder.create(plane::store, controlling, clock), "event-recorder");
    announcer.set(EventRecorder.announcer(recorder));
    Heartbeats heartbeats = new Heartbeats(clock.instant());
    AgentSessions sessions =
        AgentSessions.start(
            system, plane.store(), sessionSettings, heartbeats, announcer.get(), clock);
    AtomicReference<Advice> advice =
        new AtomicReference<>(
            (pod, name) ->
                CompletableFuture.failedFuture(new TimeoutException("no scheduler yet")));
    ApiServer api =
        await(
            ApiServer.start(
                system,
                settings,
                new ApiParts(
                    plane.store(),
                    sessions,
                    (pod, name) -> advice.get().explain(pod, name),
                    types,
                    certificates,
                    KamonMetrics.start(system, types),
                    checks(plane, journal, phase),
                    MetricsEndpoint::ofKamon,
                    clock::instant)),
            Duration.ofSeconds(60),
            "the API listens");
    spawn(
        system,
        Controllers.create(plane.store(), controllers, heartbeats::lastSeen),
        "controllers");
    advice.set(
        Scheduler.advice(
            system,
            spawn(
                system,
                Scheduler.create(scheduling, profile, plane.store(), announcer.get(), clock),
                "scheduler-" + SchedulerSettings.DEFAULT_NAME)));
    phase.set(Phase.RUNNING);
    return new Server(journal, plane, api, phase);
  }

  private static CompletableFuture<Journal> opening(Config config) {
    CompletableFuture<Journal> opening = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                opening.complete(Journal.open(config));
              } catch (RuntimeException e) {
                opening.completeExceptionally(e);
              }
            },
            "journal-opening");
    thread.setDaemon(true);
    thread.start();
    return opening;
  }

  private static Journal opened(CompletableFuture<Journal> opening, ActorSystem<Void> actors) {
    try {
      return opening.join();
    } catch (CompletionException e) {
      actors.terminate();
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /**
   * The API's addresses, with the one that it listens on when none is set: the machine's when it
   * listens on all.
   */
  private static Config reachable(Config config) {
    String path = "ensemble.api.server-addresses";
    String host = config.getString("ensemble.api.host");
    String address = host.equals("0.0.0.0") ? MachineFacts.mainAddress() : host;
    return config.getStringList(path).isEmpty() && address.matches("[0-9.]+")
        ? config.withValue(path, ConfigValueFactory.fromIterable(List.of(address)))
        : config;
  }

  private static List<Health.Check> checks(
      ControlPlane plane, Journal journal, AtomicReference<Phase> phase) {
    return List.of(
        new Health.Check("startup", Health.Scope.READY, () -> phase.get() != Phase.STARTING),
        new Health.Check("shutdown", Health.Scope.READY, () -> phase.get() != Phase.STOPPING),
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
    return system.systemActorOf(supervised, name, MeasuredMailbox.named(system));
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
    phase.set(Phase.STOPPING);
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
