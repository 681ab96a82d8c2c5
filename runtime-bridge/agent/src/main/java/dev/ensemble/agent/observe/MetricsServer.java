package dev.ensemble.agent.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleSupplier;
import kamon.Kamon;
import kamon.prometheus.PrometheusReporter;

/**
 * Serves {@code /metrics} in Prometheus' text form, one reader at a time. What it says is at most
 * one interval old.
 */
public final class MetricsServer implements AutoCloseable {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Readers that wait for their turn. */
  private static final int BACKLOG = 8;

  private final HttpServer server;
  private final ExecutorService thread;

  private MetricsServer(HttpServer server, ExecutorService thread) {
    this.server = server;
    this.thread = thread;
  }

  /**
   * Starts Kamon with what the settings say and listens.
   *
   * @param interval how often metrics are gathered
   * @throws IOException when the address is taken
   */
  public static MetricsServer start(
      InetSocketAddress address,
      Duration interval,
      Config config,
      DoubleSupplier pods,
      DoubleSupplier containers)
      throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    Kamon.initWithoutAttaching(settings(interval).withFallback(config));
    ProcessGauges.start(pods, containers);
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            runnable -> {
              Thread made = new Thread(null, runnable, "metrics", 256 * 1024);
              made.setDaemon(true);
              return made;
            });
    server.setExecutor(thread);
    server.createContext("/metrics", MetricsServer::answer);
    server.start();
    return new MetricsServer(server, thread);
  }

  private static Config settings(Duration interval) {
    return ConfigFactory.parseString(
        """
        kamon.environment.service = "ensemble-agent"
        kamon.metric.tick-interval = %d ms
        kamon.prometheus.start-embedded-http-server = no
        kamon.prometheus.buckets.custom {
          # Seconds: a pod waits for its images, a pull for its registry.
          "kubelet_pod_start_duration" = [0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 120, 300, 600]
          "kubelet_image_pull_duration" = [0.1, 0.5, 1, 5, 10, 20, 30, 60, 180, 600, 1800]
        }
        """
            .formatted(interval.toMillis()));
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean known = exchange.getRequestURI().getPath().equals("/metrics");
      boolean reads = exchange.getRequestMethod().equals("GET");
      byte[] body =
          known && reads
              ? PrometheusReporter.latestScrapeData()
                  .getOrElse(() -> "")
                  .getBytes(StandardCharsets.UTF_8)
              : new byte[0];
      exchange.getResponseHeaders().set("Content-Type", TYPE);
      exchange.sendResponseHeaders(
          known ? (reads ? 200 : 405) : 404, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
    Kamon.stop();
  }
}
