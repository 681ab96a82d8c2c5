package dev.ensemble.http.testing;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.scheduling.Explanation;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.http.observe.Health;
import dev.ensemble.http.observe.RequestMetrics;
import dev.ensemble.http.server.ApiParts;
import dev.ensemble.http.server.ApiServer;
import dev.ensemble.http.server.ApiSettings;
import dev.ensemble.http.tls.ClusterCertificates;
import dev.ensemble.http.tls.TlsContexts;
import dev.ensemble.persistence.format.Provenance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** An API server on a free port of the loopback, over a store in memory. */
public final class TestServer {
  private final ActorSystem<Void> system;
  private final ApiServer server;
  private final MemoryObjectStore store;
  private final ClusterCertificates certificates;
  private final Path folder;

  private TestServer(
      ActorSystem<Void> system,
      ApiServer server,
      MemoryObjectStore store,
      ClusterCertificates certificates,
      Path folder) {
    this.system = system;
    this.server = server;
    this.store = store;
    this.certificates = certificates;
    this.folder = folder;
  }

  public static TestServer start() throws Exception {
    return start(new Observed(system -> RequestMetrics.NONE, List.of(), () -> ""));
  }

  /** What the server tells of itself. */
  public record Observed(
      Function<ActorSystem<?>, RequestMetrics> metrics,
      List<Health.Check> checks,
      Supplier<String> scrape) {}

  public static TestServer start(Observed observed) throws Exception {
    Path folder = Files.createTempDirectory("ensemble-api");
    Config config =
        ConfigFactory.parseString("akka.loglevel = WARNING").withFallback(ConfigFactory.load());
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "api-test", config);
    MemoryObjectStore store = new MemoryObjectStore(BuiltInResources.types());
    ClusterCertificates certificates = ClusterCertificates.open(folder, Instant::now);
    ApiSettings settings =
        ApiSettings.of(
            ConfigFactory.parseString(
                    "ensemble.api { host = \"127.0.0.1\", port = 0, certificates = \""
                        + folder
                        + "\", stop-timeout = 1s }")
                .withFallback(ConfigFactory.parseResources("api.conf"))
                .getConfig("ensemble.api"));
    ApiServer server =
        ApiServer.start(
                system,
                settings,
                new ApiParts(
                    store,
                    new FakeSessions(),
                    (pod, node) -> CompletableFuture.completedFuture(explained(pod, node)),
                    BuiltInResources.types(),
                    certificates,
                    observed.metrics().apply(system),
                    observed.checks(),
                    observed.scrape(),
                    Instant::now))
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    return new TestServer(system, server, store, certificates, folder);
  }

  /** The scheduler's answer for every node. */
  private static Explanation explained(PodRequest pod, String node) {
    return new Explanation(
        pod.fullName(),
        node,
        Optional.empty(),
        true,
        List.of(Refusal.curable("NodeResourcesFit", "Insufficient cpu")),
        List.of());
  }

  public MemoryObjectStore store() {
    return store;
  }

  /** Binds a pod of the namespace default to a node, as the scheduler would. */
  public void bind(String pod, String node) {
    store
        .submit(
            ObjectKey.of("pods", "default", pod),
            new ObjectCommand.Bind(Optional.empty(), node, List.of()),
            Provenance.internal("test", Instant.now(), Optional.empty()))
        .toCompletableFuture()
        .join();
  }

  public ClusterCertificates certificates() {
    return certificates;
  }

  public URI uri(String path) {
    return URI.create("https://127.0.0.1:" + server.address().getPort() + path);
  }

  /** The administrator's kubeconfig file. */
  public Path kubeconfig() {
    return certificates.writeAdminKubeconfig(uri("").toString());
  }

  public Path folder() {
    return folder;
  }

  public HttpClient client(HttpClient.Version version, Optional<String> user) {
    var credential =
        user.map(
            name ->
                name.equals("admin")
                    ? certificates.admin()
                    : certificates.node(name.substring("node:".length())));
    return HttpClient.newBuilder()
        .version(version)
        .connectTimeout(Duration.ofSeconds(10))
        .sslContext(TlsContexts.client(credential, certificates.authority()))
        .build();
  }

  /** Sends one request as the administrator over HTTP/2. */
  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send(
        client(HttpClient.Version.HTTP_2, Optional.of("admin")), method, path, body, headers);
  }

  public HttpResponse<String> send(
      HttpClient client, String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The keys of all objects of a resource. */
  public List<ObjectKey> keys(String resource) {
    List<ObjectKey> keys = new java.util.ArrayList<>();
    store
        .view(dev.ensemble.core.object.ResourceName.parse(resource))
        .snapshot()
        .all()
        .forEach(object -> keys.add(object.key()));
    return keys;
  }

  public void close() throws Exception {
    server.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
