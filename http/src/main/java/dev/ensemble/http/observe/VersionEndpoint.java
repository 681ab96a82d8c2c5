package dev.ensemble.http.observe;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves /version: the Kubernetes API's version that is spoken, and that it is Ensemble. */
public final class VersionEndpoint implements PathEndpoint {
  public static final String VERSION = "v1.35.0+ensemble";

  private final byte[] body;

  public VersionEndpoint() {
    ObjectNode version = Json.object();
    version.put("major", "1");
    version.put("minor", "35");
    version.put("gitVersion", VERSION);
    version.put("gitCommit", "");
    version.put("gitTreeState", "clean");
    version.put("buildDate", "1970-01-01T00:00:00Z");
    version.put("goVersion", "none");
    version.put("compiler", "javac");
    version.put("platform", "linux/" + System.getProperty("os.arch"));
    body = Json.bytes(version);
  }

  @Override
  public boolean serves(String path) {
    return path.equals("/version") || path.equals("/version/");
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    return CompletableFuture.completedFuture(Responses.json(200, body));
  }
}
