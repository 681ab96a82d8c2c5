package dev.ensemble.http.server;

import akka.actor.typed.ActorSystem;
import akka.stream.SharedKillSwitch;
import dev.ensemble.core.decode.DecodeLimits;
import dev.ensemble.core.decode.ObjectDecoder;
import dev.ensemble.core.openapi.OpenApiDocuments;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.http.admission.NodeRestriction;
import dev.ensemble.http.admission.PodAdmissions;
import dev.ensemble.http.admission.ServiceAdmission;
import dev.ensemble.http.auth.Authenticator;
import dev.ensemble.http.auth.Authorizer;
import dev.ensemble.http.auth.ClusterAuthorizer;
import dev.ensemble.http.auth.NodeRules;
import dev.ensemble.http.auth.ServiceAccountTokens;
import dev.ensemble.http.bootstrap.Bootstrap;
import dev.ensemble.http.bootstrap.StandardObjects;
import dev.ensemble.http.describe.DiscoveryEndpoint;
import dev.ensemble.http.describe.OpenApiEndpoint;
import dev.ensemble.http.observe.Health;
import dev.ensemble.http.observe.MetricsEndpoint;
import dev.ensemble.http.observe.VersionEndpoint;
import dev.ensemble.http.protobuf.InvalidProtobufException;
import dev.ensemble.http.protobuf.KubernetesProtobuf;
import dev.ensemble.http.protobuf.ProtobufBody;
import dev.ensemble.http.read.Answers;
import dev.ensemble.http.read.Forms;
import dev.ensemble.http.read.ReadEndpoint;
import dev.ensemble.http.read.RecentSnapshots;
import dev.ensemble.http.read.Selections;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.resource.AccessReviews;
import dev.ensemble.http.resource.Bodies;
import dev.ensemble.http.resource.ContainerFiles;
import dev.ensemble.http.resource.CoreOwnership;
import dev.ensemble.http.resource.CorePatches;
import dev.ensemble.http.resource.CoreRules;
import dev.ensemble.http.resource.ResourceEndpoint;
import dev.ensemble.http.resource.TokenRequests;
import dev.ensemble.http.resource.WhyNot;
import dev.ensemble.http.stream.NodeEndpoint;
import dev.ensemble.http.stream.PodStreams;
import dev.ensemble.http.stream.Rendezvous;
import dev.ensemble.http.watch.OpenWatches;
import dev.ensemble.http.watch.WatchEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Puts the API server's parts together. */
final class ApiAssembly {
  private final ActorSystem<?> system;
  private final ApiSettings settings;
  private final ApiParts parts;
  private final SharedKillSwitch streams;
  private final OpenWatches watches;
  private final ServiceAdmission services;
  private final Rendezvous rendezvous;

  ApiAssembly(
      ActorSystem<?> system,
      ApiSettings settings,
      ApiParts parts,
      SharedKillSwitch streams,
      OpenWatches watches) {
    this.system = system;
    this.settings = settings;
    this.parts = parts;
    this.streams = streams;
    this.watches = watches;
    this.rendezvous =
        new Rendezvous(parts.nodes(), settings.streamRendezvous(), settings.streamsMax());
    this.services =
        new ServiceAdmission(
            parts.store(), settings.serviceCidr(), settings.nodePorts(), new Random());
  }

  /** The DNS names under which clients in and out of the cluster reach the server. */
  Set<String> serverNames() {
    Set<String> names = new LinkedHashSet<>();
    names.add("localhost");
    names.add("kubernetes");
    names.add("kubernetes.default");
    names.add("kubernetes.default.svc");
    names.add("kubernetes.default.svc.cluster.local");
    names.addAll(settings.serverNames());
    return names;
  }

  Set<String> serverAddresses() {
    Set<String> addresses = new LinkedHashSet<>();
    addresses.add("127.0.0.1");
    addresses.add(services.apiServerAddress());
    addresses.addAll(settings.serverAddresses());
    return addresses;
  }

  Bootstrap bootstrap(int port) {
    Optional<String> address =
        settings.serverAddresses().stream()
            // An endpoint must be reachable from pods, as the API's validation has it.
            .filter(each -> !each.startsWith("127.") && each.indexOf(':') < 0)
            .findFirst();
    return new Bootstrap(
        parts.store(),
        new StandardObjects(
            parts.certificates().authorityPem(), services.apiServerAddress(), address, port),
        parts.clock(),
        system.executionContext());
  }

  ApiHandler handler() {
    Views views = new Views(parts.store(), parts.types());
    ServiceAccountTokens tokens =
        new ServiceAccountTokens(views, parts.certificates().tokenKeys(), parts.clock());
    Authenticator authenticator =
        new Authenticator(parts.certificates().authority(), tokens, parts.clock());
    Authorizer authorizer = new ClusterAuthorizer(new NodeRules(parts.store()));
    ObjectDecoder decoder = new ObjectDecoder(DecodeLimits.standard());
    Bodies bodies = new Bodies(decoder, protobuf());
    Forms forms = new Forms(new Rows(), parts.clock());
    Answers answers = new Answers(forms);
    Selections selections = new Selections();
    ResourceEndpoint resources =
        new ResourceEndpoint(
            parts.types(),
            parts.store(),
            new ReadEndpoint(
                answers, selections, new RecentSnapshots(settings.listSnapshots(), parts.clock())),
            new WatchEndpoint(forms, selections, settings.watch(), parts.metrics(), watches),
            selections,
            answers,
            new ResourceEndpoint.Writing(
                new CoreRules(),
                new CorePatches(),
                new CoreOwnership(),
                bodies,
                List.of(new NodeRestriction(views), new PodAdmissions(views), services)),
            new PodStreams(system, rendezvous, streams),
            new TokenRequests(bodies, views, tokens),
            new AccessReviews(bodies, authorizer, tokens));
    return new ApiHandler(
        system,
        settings,
        authenticator,
        authorizer,
        resources,
        paths(resources),
        parts.metrics(),
        parts.clock());
  }

  private List<PathEndpoint> paths(ResourceEndpoint resources) {
    List<Health.Check> checks = new ArrayList<>();
    checks.add(new Health.Check("ping", Health.Scope.ALIVE, () -> true));
    checks.addAll(parts.checks());
    Health health = new Health(checks);
    health.watch(system);
    return List.of(
        health,
        new VersionEndpoint(),
        new DiscoveryEndpoint(parts.types(), settings.host() + ":" + settings.port()),
        new OpenApiEndpoint(once(this::documents)),
        new MetricsEndpoint(parts.scrape()),
        new ContainerFiles(resources),
        new WhyNot(parts.store(), parts.advice()),
        new NodeEndpoint(system, parts.nodes(), rendezvous, streams));
  }

  private OpenApiDocuments documents() {
    return new OpenApiDocuments(parts.types(), Definitions.builtIn(), VersionEndpoint.VERSION);
  }

  private static Bodies.Protobuf protobuf() {
    KubernetesProtobuf codec = new KubernetesProtobuf(Definitions.builtIn());
    return body -> {
      try {
        ProtobufBody decoded = codec.decode(body);
        return decoded.object().put("apiVersion", decoded.apiVersion()).put("kind", decoded.kind());
      } catch (InvalidProtobufException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    };
  }

  /** Computes a value when it is first asked for, and once. */
  private static <T> Supplier<T> once(Supplier<T> source) {
    return new Supplier<>() {
      private T value;

      @Override
      public synchronized T get() {
        if (value == null) {
          value = source.get();
        }
        return value;
      }
    };
  }
}
