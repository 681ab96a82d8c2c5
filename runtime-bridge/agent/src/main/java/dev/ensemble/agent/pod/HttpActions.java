package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.PodConfigException;
import dev.ensemble.agent.core.probe.ProbeResult;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** GET requests of probes and hooks to pods. Certificates are not checked, as the API documents. */
final class HttpActions {
  private static final int BODY_CHARS_MAX = 10 * 1024;
  private static final int REDIRECTS_MAX = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  static {
    allowHostHeader();
  }

  private final HttpClient client;

  /**
   * Probes may name a virtual host. Java reads this property once, when its first client is made.
   */
  static void allowHostHeader() {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection");
  }

  HttpActions(Executor io) {
    client =
        HttpClient.newBuilder()
            .executor(io)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(trustingAll())
            .build();
  }

  CompletionStage<ProbeResult> probe(
      JsonNode action, JsonNode container, String podIp, Duration timeout) {
    HttpRequest request;
    try {
      request = request(action, container, podIp, timeout);
    } catch (PodConfigException | IllegalArgumentException e) {
      return CompletableFuture.completedFuture(ProbeResult.failure(e.getMessage()));
    }
    return send(request, 0)
        .exceptionally(
            failure -> {
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              return ProbeResult.failure(
                  "Get \""
                      + request.uri()
                      + "\": "
                      + (cause.getMessage() == null ? cause : cause.getMessage()));
            });
  }

  private CompletionStage<ProbeResult> send(HttpRequest request, int redirects) {
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
        .thenCompose(
            response -> {
              // The body may never end; nobody reads it.
              try {
                response.body().close();
              } catch (IOException e) {
                // The answer's code is known all the same.
              }
              Optional<URI> next = redirect(request, response);
              if (next.isPresent() && redirects < REDIRECTS_MAX) {
                HttpRequest again =
                    HttpRequest.newBuilder(request, (name, value) -> true).uri(next.get()).build();
                return send(again, redirects + 1);
              }
              int code = response.statusCode();
              return CompletableFuture.completedFuture(
                  code >= 200 && code < 400
                      ? ProbeResult.SUCCESS
                      : ProbeResult.failure("HTTP probe failed with statuscode: " + code));
            });
  }

  /** On the same host only: to be sent elsewhere is a success, as the kubelet has it. */
  private static Optional<URI> redirect(HttpRequest request, HttpResponse<?> response) {
    if (!REDIRECTS.contains(response.statusCode())) {
      return Optional.empty();
    }
    try {
      return response
          .headers()
          .firstValue("Location")
          .map(where -> request.uri().resolve(where))
          .filter(uri -> request.uri().getHost().equals(uri.getHost()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A hook's request; fails unless the answer is a success. */
  CompletionStage<Void> call(JsonNode action, JsonNode container, String podIp, Duration timeout) {
    return probe(action, container, podIp, timeout)
        .thenAccept(
            result -> {
              if (!result.success()) {
                throw new IllegalStateException(result.message());
              }
            });
  }

  private static HttpRequest request(
      JsonNode action, JsonNode container, String podIp, Duration timeout) {
    String scheme = text(action, "scheme").toLowerCase(Locale.ROOT);
    String host = text(action, "host").isEmpty() ? podIp : text(action, "host");
    String path = text(action, "path");
    URI uri =
        URI.create(
            (scheme.isEmpty() ? "http" : scheme)
                + "://"
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + port(at(action, "port"), container)
                + (path.startsWith("/") ? path : "/" + path));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .GET()
            .timeout(timeout)
            .setHeader("User-Agent", "kube-probe/1.35")
            .setHeader("Accept", "*/*");
    Set<String> given = new HashSet<>();
    for (JsonNode header : list(action, "httpHeaders")) {
      String name = text(header, "name");
      if (given.add(name.toLowerCase(Locale.ROOT))) {
        request.setHeader(name, text(header, "value"));
      } else {
        request.header(name, text(header, "value"));
      }
    }
    return request.build();
  }

  /** A number, or the name of one of the container's ports. */
  static int port(JsonNode port, JsonNode container) {
    if (port.isNumber()) {
      return port.asInt();
    }
    String name = port.asText();
    for (JsonNode declared : list(container, "ports")) {
      if (text(declared, "name").equals(name)) {
        return at(declared, "containerPort").asInt();
      }
    }
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new PodConfigException("couldn't find port: " + name);
    }
  }

  static String shortened(String text) {
    return text.length() > BODY_CHARS_MAX ? text.substring(0, BODY_CHARS_MAX) : text;
  }

  private static SSLContext trustingAll() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS in this Java", e);
    }
  }

  /** The extended kind also keeps host names from being checked. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
