package dev.ensemble.http.observe;

import akka.http.javadsl.model.HttpResponse;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Serves /healthz, /livez and /readyz with named checks, as apiserver's healthz does. */
public final class Health implements PathEndpoint {
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
    String only = path.length() > endpoint.length() ? path.substring(endpoint.length() + 1) : "";
    Set<String> excluded = new HashSet<>(request.query().all("exclude"));
    StringBuilder report = new StringBuilder();
    boolean well = true;
    boolean found = false;
    for (Check check : checks) {
      boolean asked =
          (endpoint.equals("/readyz") || check.scope() == Scope.ALIVE)
              && (only.isEmpty() || only.equals(check.name()));
      if (!asked) {
        continue;
      }
      found = true;
      if (excluded.contains(check.name())) {
        report.append("[+]").append(check.name()).append(" excluded: ok\n");
      } else if (check.holds().getAsBoolean()) {
        report.append("[+]").append(check.name()).append(" ok\n");
      } else {
        well = false;
        report.append("[-]").append(check.name()).append(" failed: reason withheld\n");
      }
    }
    if (!only.isEmpty() && !found) {
      return CompletableFuture.completedFuture(Responses.pageNotFound());
    }
    report.append(endpoint.substring(1)).append(" check ").append(well ? "passed\n" : "failed\n");
    boolean verbose = request.query().has("verbose");
    return CompletableFuture.completedFuture(
        well && !verbose
            ? Responses.text(200, "ok")
            : Responses.text(well ? 200 : 500, report.toString()));
  }

  private static String head(String path) {
    int second = path.indexOf('/', 1);
    return second < 0 ? path : path.substring(0, second);
  }
}
