package dev.ensemble.http.observe;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.util.ByteString;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import kamon.prometheus.PrometheusReporter;

/** Serves /metrics in Prometheus' text form. */
public final class MetricsEndpoint implements PathEndpoint {
  /** Newer versions of Prometheus want to be told the format's version. */
  private static final ContentType PROMETHEUS =
      ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

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
    return CompletableFuture.completedFuture(
        HttpResponse.create()
            .withEntity(HttpEntities.create(PROMETHEUS, ByteString.fromString(scrape.get()))));
  }
}
