package dev.ensemble.http.server;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.RemoteAddress;
import akka.util.ByteString;
import dev.ensemble.http.auth.User;
import dev.ensemble.http.request.Accept;
import dev.ensemble.http.request.Query;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.ResponseForm;
import dev.ensemble.persistence.format.Provenance;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request that may be served, with what its handlers need to know. Confined to it. */
public final class ApiRequest {
  /** A client gets no more warnings than this; apiserver bounds them too. */
  private static final int WARNINGS_MAX = 32;

  private final HttpRequest http;
  private final RequestInfo info;
  private final Query query;
  private final User user;
  private final String id;
  private final Instant at;
  private final ByteString body;
  private final List<String> warnings = new ArrayList<>(0);

  public ApiRequest(
      HttpRequest http,
      RequestInfo info,
      Query query,
      User user,
      String id,
      Instant at,
      ByteString body) {
    this.http = http;
    this.info = info;
    this.query = query;
    this.user = user;
    this.id = id;
    this.at = at;
    this.body = body;
  }

  public HttpRequest http() {
    return http;
  }

  public RequestInfo info() {
    return info;
  }

  public Query query() {
    return query;
  }

  public User user() {
    return user;
  }

  /** The Audit-Id. */
  public String id() {
    return id;
  }

  public Instant at() {
    return at;
  }

  /** The whole body; empty for requests without one. */
  public ByteString body() {
    return body;
  }

  /** The body's media type without parameters, lower case; empty when there is none. */
  public String mediaType() {
    String type = http.entity().getContentType().toString();
    int semicolon = type.indexOf(';');
    String bare = (semicolon < 0 ? type : type.substring(0, semicolon)).trim();
    // What akka-http says of a body without a Content-Type.
    boolean unnamed = bare.equals("none/none") || bare.equals("application/octet-stream");
    return unnamed ? "" : bare.toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * @throws dev.ensemble.http.status.StatusException 406
   */
  public ResponseForm form() {
    return Accept.negotiate(header("Accept"));
  }

  public String header(String name) {
    Optional<HttpHeader> header = http.getHeader(name);
    return header.isPresent() ? header.get().value() : "";
  }

  public String userAgent() {
    return header("User-Agent");
  }

  /** Has the answer carry a Warning header. */
  public void warn(String text) {
    if (warnings.size() < WARNINGS_MAX && !warnings.contains(text)) {
      warnings.add(text);
    }
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Who makes the change that this request asks for. */
  public Provenance provenance(String fieldManager) {
    return new Provenance(
        user.name(),
        user.groups(),
        userAgent(),
        fieldManager,
        http.getAttribute(AttributeKeys.remoteAddress)
            .flatMap(RemoteAddress::getAddress)
            .map(InetAddress::getHostAddress)
            .orElse(""),
        id,
        at,
        Optional.empty());
  }
}
