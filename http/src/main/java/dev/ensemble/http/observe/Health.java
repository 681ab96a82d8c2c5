package dev.ensemble.http.observe;

import static java.util.stream.Collectors.joining;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import dev.ensemble.actors.observe.Sampling;
import dev.ensemble.http.request.Query;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import kamon.Kamon;
import kamon.metric.Gauge;
import kamon.tag.TagSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves /healthz, /livez and /readyz with named checks, as apiserver's healthz does: {@code
 * ?verbose}, {@code ?exclude=NAME}, and a path below for each check.
 */
public final class Health implements PathEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private final List<Check> checks;

  /** A condition that must hold for the server to be well. Asked often: fast, never blocks. */
  public record Check(String name, Scope scope, BooleanSupplier holds) {}

  public enum Scope {
    /** A server without it should be restarted. */
    ALIVE,
    /** A server without it should get no requests for now. */
    READY
  }

  public Health(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  @Override
  public boolean serves(String path) {
    return head(path).equals("/healthz")
        || head(path).equals("/livez")
        || head(path).equals("/readyz");
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    String path = request.info().path();
    String endpoint = head(path);
    List<Check> asked =
        endpoint.equals("/livez")
            ? checks.stream().filter(check -> check.scope() == Scope.ALIVE).toList()
            : checks;
    HttpResponse response =
        path.length() > endpoint.length() + 1
            ? one(asked, path.substring(endpoint.length() + 1))
            : all(asked, endpoint.substring(1), request.query());
    return CompletableFuture.completedFuture(
        response.addHeader(RawHeader.create("X-Content-Type-Options", "nosniff")));
  }

  private static HttpResponse one(List<Check> asked, String name) {
    for (Check check : asked) {
      if (check.name().equals(name)) {
        return check.holds().getAsBoolean()
            ? Responses.text(200, "ok")
            : Responses.text(500, "internal server error: " + name + " does not hold\n");
      }
    }
    return Responses.pageNotFound();
  }

  private HttpResponse all(List<Check> asked, String endpoint, Query query) {
    Set<String> excluded = new TreeSet<>(query.all("exclude"));
    excluded.remove("");
    StringBuilder report = new StringBuilder();
    List<String> failed = new ArrayList<>();
    for (Check check : asked) {
      String name = check.name();
      if (excluded.remove(name)) {
        report.append("[+]").append(name).append(" excluded: ok\n");
      } else if (check.holds().getAsBoolean()) {
        report.append("[+]").append(name).append(" ok\n");
      } else {
        failed.add(name);
        // Everybody may ask, so the reason is in the log and in metrics only.
        report.append("[-]").append(name).append(" failed: reason withheld\n");
      }
    }
    if (!excluded.isEmpty()) {
      report
          .append("warn: some health checks cannot be excluded: no matches for ")
          .append(excluded.stream().map(name -> '"' + name + '"').collect(joining(", ")))
          .append('\n');
    }
    if (!failed.isEmpty()) {
      LOG.info("{} check failed: {}", endpoint, failed);
      return Responses.text(500, report + endpoint + " check failed\n");
    }
    return Responses.text(200, query.has("verbose") ? report + endpoint + " check passed\n" : "ok");
  }

  /** Exports every check as apiserver's metric of it. */
  public void watch(ActorSystem<?> system) {
    for (Check check : checks) {
      String type = check.scope() == Scope.ALIVE ? "livez" : "readyz";
      Gauge gauge =
          Kamon.gauge("kubernetes_healthcheck")
              .withTags(TagSet.from(Map.of("name", check.name(), "type", type)));
      Sampling.of(system).add(() -> gauge.update(check.holds().getAsBoolean() ? 1 : 0));
    }
  }

  private static String head(String path) {
    int second = path.indexOf('/', 1);
    return second < 0 ? path : path.substring(0, second);
  }
}
