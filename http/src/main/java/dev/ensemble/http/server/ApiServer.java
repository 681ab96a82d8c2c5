package dev.ensemble.http.server;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.ensemble.http.tls.Credential;
import dev.ensemble.http.tls.TlsContexts;
import dev.ensemble.http.watch.OpenWatches;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;

/** The running API server. */
public final class ApiServer {
  private final ApiSettings settings;
  private final ServerBinding binding;
  private final SharedKillSwitch streams;
  private final OpenWatches watches;

  private ApiServer(
      ApiSettings settings, ServerBinding binding, SharedKillSwitch streams, OpenWatches watches) {
    this.settings = settings;
    this.binding = binding;
    this.streams = streams;
    this.watches = watches;
  }

  /**
   * Binds the port and makes what every cluster has. The stage fails when the port is taken or the
   * store does not take the first objects.
   */
  public static CompletionStage<ApiServer> start(
      ActorSystem<?> system, ApiSettings settings, ApiParts parts) {
    SharedKillSwitch streams = KillSwitches.shared("api-streams");
    OpenWatches watches = new OpenWatches();
    ApiAssembly assembly = new ApiAssembly(system, settings, parts, streams, watches);
    Credential credential =
        parts.certificates().server(assembly.serverNames(), assembly.serverAddresses());
    SSLContext tls = TlsContexts.server(credential, parts.certificates().authority());
    return Http.get(system)
        .newServerAt(settings.host(), settings.port())
        .enableHttps(ConnectionContext.httpsServer(() -> TlsContexts.serverEngine(tls)))
        .withSettings(serverSettings(system, settings))
        .bind(assembly.handler())
        .thenCompose(
            binding -> {
              ApiServer server = new ApiServer(settings, binding, streams, watches);
              return assembly
                  .bootstrap(binding.localAddress().getPort())
                  .start()
                  .thenApply(done -> server);
            });
  }

  /** Where it listens; the port is the one that was chosen when the settings said 0. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Takes no more connections, ends watches and streams, and waits for requests under way. */
  public CompletionStage<Done> stop() {
    CompletionStage<Done> unbound = binding.unbind();
    streams.shutdown();
    watches.close();
    return unbound.thenCompose(
        done ->
            binding.terminate(settings.stopTimeout()).thenApply(terminated -> Done.getInstance()));
  }

  private static ServerSettings serverSettings(ActorSystem<?> system, ApiSettings settings) {
    Config own =
        ConfigFactory.parseString(
                String.join(
                    "\n",
                    List.of(
                        "akka.http.server {",
                        "  server-header = \"\"",
                        "  enable-http2 = on",
                        "  request-timeout = infinite",
                        "  remote-address-attribute = on",
                        "  socket-options.tcp-keep-alive = true",
                        "  socket-options.tcp-no-delay = true",
                        "  backlog = 1024",
                        // Entities that fit one buffer arrive strict, without a stream each.
                        "  http2.min-collect-strict-entity-size = 32k",
                        "  http2.max-concurrent-streams = 256",
                        "  http2.ping-interval = 30s",
                        "  http2.ping-timeout = 15s",
                        "  websocket.periodic-keep-alive-max-idle = 20s",
                        "  parsing.max-uri-length = 32k",
                        "  parsing.max-header-value-length = 16k",
                        "  parsing.max-content-length = infinite",
                        "  parsing.modeled-header-parsing = off",
                        "  parsing.uri-parsing-mode = relaxed",
                        "  parsing.illegal-header-warnings = off",
                        "  parsing.error-logging-verbosity = simple",
                        "  parsing.ssl-session-attribute = on",
                        "}")))
            .withValue(
                "akka.http.server.idle-timeout",
                ConfigValueFactory.fromAnyRef(settings.idleTimeout().toMillis() + "ms"))
            .withValue(
                "akka.http.server.max-connections",
                ConfigValueFactory.fromAnyRef(settings.connectionsMax()));
    return ServerSettings.create(own.withFallback(system.settings().config()));
  }
}
