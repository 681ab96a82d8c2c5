package dev.ensemble.agent.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.TokenProjection;
import dev.ensemble.agent.pod.TokenSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Asks the API for tokens as the node: it grants those of pods that are bound here. */
public final class ApiTokens implements TokenSource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final URI server;
  private final Clock clock;

  public ApiTokens(HttpClient client, URI server, Clock clock) {
    this.client = client;
    this.server = server;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Token> request(TokenProjection wanted) {
    URI address =
        server.resolve(
            "/api/v1/namespaces/"
                + wanted.namespace()
                + "/serviceaccounts/"
                + wanted.account()
                + "/token");
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("User-Agent", "ensemble-agent")
            .POST(HttpRequest.BodyPublishers.ofString(body(wanted).toString()))
            .build();
    Instant asked = clock.instant();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> token(response, asked));
  }

  private static ObjectNode body(TokenProjection wanted) {
    ObjectNode body = Fields.object();
    body.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    ObjectNode spec = body.putObject("spec");
    if (!wanted.audience().isEmpty()) {
      spec.putArray("audiences").add(wanted.audience());
    }
    spec.put("expirationSeconds", wanted.expirationSeconds());
    spec.putObject("boundObjectRef")
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("name", wanted.podName())
        .put("uid", wanted.podUid());
    return body;
  }

  private static Token token(HttpResponse<String> response, Instant asked) {
    try {
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() != 201) {
        throw new IllegalStateException(
            Fields.find(answer, "message").orElse("the API answered " + response.statusCode()));
      }
      // Counted from when it was asked for: this machine's clock may not be the API's.
      Duration validity =
          Duration.ofSeconds(Fields.number(answer, "spec", "expirationSeconds").orElse(0L));
      return new Token(Fields.text(answer, "status", "token"), asked, asked.plus(validity));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the API answered " + response.statusCode(), e);
    }
  }
}
