package dev.ensemble.loadtest.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ensemble.agent.AgentSettings;
import dev.ensemble.agent.session.PemTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;

/** Speaks JSON to the API as its administrator. Answers what came, whatever its status. */
final class ApiClient {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Longer than every time limit of the server. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(70);

  private final HttpClient client;
  private final URI server;

  /** What came back; the body is missing when it was not JSON. */
  record Answer(int status, JsonNode body) {
    boolean accepted() {
      return status / 100 == 2;
    }

    String reason() {
      return body.path("reason").asText();
    }

    String revision() {
      return body.path("metadata").path("resourceVersion").asText();
    }

    /** The object, when the request was accepted. */
    JsonNode object() {
      if (!accepted()) {
        throw new AssertionError(status + " " + body);
      }
      return body;
    }
  }

  /**
   * @param pki the folder of the certificates
   */
  ApiClient(URI server, Path pki) {
    try {
      this.client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(5))
              .sslContext(
                  PemTls.context(
                      new AgentSettings.Tls(
                          pki.resolve("ca.crt"),
                          pki.resolve("admin.crt"),
                          pki.resolve("admin.key"))))
              .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no client from " + pki, e);
    }
    this.server = server;
  }

  Answer get(String path) throws IOException {
    return exchange("GET", path, "application/json", HttpRequest.BodyPublishers.noBody());
  }

  Answer post(String path, String json) throws IOException {
    return send("POST", path, "application/json", json);
  }

  Answer put(String path, JsonNode object) throws IOException {
    return send("PUT", path, "application/json", object.toString());
  }

  Answer merge(String path, String patch) throws IOException {
    return send("PATCH", path, "application/merge-patch+json", patch);
  }

  Answer delete(String path) throws IOException {
    return exchange("DELETE", path, "application/json", HttpRequest.BodyPublishers.noBody());
  }

  Answer send(String method, String path, String type, String body) throws IOException {
    return exchange(method, path, type, HttpRequest.BodyPublishers.ofString(body));
  }

  private Answer exchange(String method, String path, String type, HttpRequest.BodyPublisher body)
      throws IOException {
    HttpResponse<String> response =
        await(
            HttpRequest.newBuilder(server.resolve(path))
                .timeout(ANSWER_MAX)
                .header("Content-Type", type)
                .header("Accept", "application/json")
                .method(method, body)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), tree(response.body()));
  }

  /** As it came, for what is not JSON. */
  String text(String path) throws IOException {
    return await(
            HttpRequest.newBuilder(server.resolve(path)).timeout(ANSWER_MAX).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Asks under an id of the client's choice. */
  Answer postAs(String requestId, String path, String json) throws IOException {
    HttpResponse<String> response =
        await(
            HttpRequest.newBuilder(server.resolve(path))
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/json")
                .header("X-Request-Id", requestId)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (!response.headers().firstValue("Audit-Id").equals(Optional.of(requestId))) {
      throw new AssertionError("not answered under " + requestId + ": " + response.headers());
    }
    return new Answer(response.statusCode(), tree(response.body()));
  }

  /** An open watch: lines of JSON until somebody ends it. */
  InputStream watch(String path) throws IOException {
    HttpResponse<InputStream> response =
        await(
            HttpRequest.newBuilder(server.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.statusCode());
    }
    return response.body();
  }

  private <T> HttpResponse<T> await(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
