package dev.ensemble.http.observe;

import akka.http.javadsl.model.HttpResponse;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import kamon.prometheus.PrometheusReporter;

/** Serves /metrics in Prometheus' text form. */
public final class MetricsEndpoint implements PathEndpoint {
  private final Supplier<String> scrape;

  /** What Kamon's Prometheus reporter has, once it is loaded and has seen its first interval. */
  public static String ofKamon() {
    return PrometheusReporter.latestScrapeData().getOrElse(() -> "");
  }

  public MetricsEndpoint(Supplier<String> scrape) {
    this.scrape = scrape;
  }

  @Override
  public boolean serves(String path) {
    return path.equals("/metrics");
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    return CompletableFuture.completedFuture(Responses.text(200, scrape.get()));
  }
}
