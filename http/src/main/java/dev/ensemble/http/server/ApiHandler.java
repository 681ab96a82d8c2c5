package dev.ensemble.http.server;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.japi.function.Function;
import akka.util.ByteString;
import dev.ensemble.actors.observe.RequestLog;
import dev.ensemble.http.auth.Attributes;
import dev.ensemble.http.auth.Authenticator;
import dev.ensemble.http.auth.Authorizer;
import dev.ensemble.http.auth.User;
import dev.ensemble.http.observe.RequestMetrics;
import dev.ensemble.http.request.Query;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.RequestPaths;
import dev.ensemble.http.status.Failures;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What every request goes through: its meaning, its user, its permission, its place among those in
 * flight, its body; then its endpoint; then headers, metrics and, when it failed, a Status.
 */
final class ApiHandler implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

  /** One line for each request, at DEBUG. */
  private static final Logger ACCESS = LoggerFactory.getLogger("dev.ensemble.http.access");

  private static final String REQUEST_ID = RequestLog.KEY;
  private static final List<String> REQUEST_ID_HEADERS = List.of("Audit-Id", "X-Request-Id");
  private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9._:/+=-]{1,64}");
  private static final Set<String> STREAMS = Set.of("exec", "attach", "portforward", "proxy");

  /**
   * Lower case, as HTTP/2 sends it: Akka's encoder compares each header with all of its name that
   * the connection has sent lately, and of a name that it need not convert it sees that it is the
   * same without reading it.
   */
  private static final String AUDIT_ID = "audit-id";

  private static final HttpHeader NO_CACHE = RawHeader.create("cache-control", "no-cache, private");
  private static final RequestInfo UNREADABLE = RequestPaths.parse("GET", "/", Query.NONE);

  /** How long the rest of a body may take to arrive. */
  private static final long BODY_MILLIS_MAX = Duration.ofSeconds(30).toMillis();

  private final ActorSystem<?> system;
  private final ApiSettings settings;
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Endpoint resources;
  private final List<PathEndpoint> paths;
  private final RequestMetrics metrics;
  private final Supplier<Instant> clock;
  private final InFlight reads;
  private final InFlight writes;
  private final Deadlines deadlines;

  ApiHandler(
      ActorSystem<?> system,
      ApiSettings settings,
      Authenticator authenticator,
      Authorizer authorizer,
      Endpoint resources,
      List<PathEndpoint> paths,
      RequestMetrics metrics,
      Supplier<Instant> clock) {
    this.system = system;
    this.settings = settings;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.resources = resources;
    this.paths = List.copyOf(paths);
    this.metrics = metrics;
    this.clock = clock;
    this.reads = new InFlight(settings.reads(), system.executionContext());
    this.writes = new InFlight(settings.writes(), system.executionContext());
    this.deadlines = new Deadlines(settings.requestTimeout(), System::nanoTime);
    system
        .scheduler()
        .scheduleAtFixedRate(
            deadlines.interval(), deadlines.interval(), deadlines::look, system.executionContext());
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    long start = System.nanoTime();
    String id = requestId(request);
    RequestInfo info = UNREADABLE;
    CompletionStage<HttpResponse> response;
    MDC.put(REQUEST_ID, id);
    try {
      Query query = Query.parse(request.getUri().rawQueryString().orElse(""));
      info = RequestPaths.parse(request.method().value(), request.getUri().path(), query);
      response = admit(request, info, query, id);
    } catch (RuntimeException e) {
      request.discardEntityBytes(system);
      response = CompletableFuture.completedFuture(failed(e, id, info));
    } finally {
      MDC.remove(REQUEST_ID);
    }
    RequestInfo seen = info;
    return response.handle(
        (answer, failure) -> {
          HttpResponse sent = failure == null ? answer : failed(failure, id, seen);
          long bytes =
              sent.entity() instanceof HttpEntity.Strict strict ? strict.getData().size() : -1;
          long nanos = System.nanoTime() - start;
          metrics.served(seen, sent.status().intValue(), nanos, bytes);
          // Health that is asked for every second must not fill the log; it tells for itself.
          if (sent.status().intValue() >= 500 && seen.resourceRequest()) {
            RequestLog.about(id, () -> logFailure(request, sent, nanos));
          } else if (ACCESS.isDebugEnabled()) {
            RequestLog.about(id, () -> logAccess(request, sent, nanos));
          }
          return sent.addHeader(RawHeader.create(AUDIT_ID, id)).addHeader(NO_CACHE);
        });
  }

  private static void logAccess(HttpRequest request, HttpResponse sent, long nanos) {
    ACCESS.debug("{} {} {} {} µs {}", summary(request, sent, nanos));
  }

  /** What the server could not do is told without being asked for. */
  private static void logFailure(HttpRequest request, HttpResponse sent, long nanos) {
    ACCESS.warn("{} {} {} {} µs {}", summary(request, sent, nanos));
  }

  private static Object[] summary(HttpRequest request, HttpResponse sent, long nanos) {
    return new Object[] {
      request.method().value(),
      request.getUri().toRelative(),
      sent.status().intValue(),
      TimeUnit.NANOSECONDS.toMicros(nanos),
      request.getHeader("User-Agent").map(HttpHeader::value).orElse("-")
    };
  }

  private CompletionStage<HttpResponse> admit(
      HttpRequest request, RequestInfo info, Query query, String id) {
    User user = authenticator.authenticate(request);
    Optional<User> impersonated = Authenticator.impersonated(request);
    if (impersonated.isPresent()) {
      authorizeImpersonation(user, impersonated.get());
      user = impersonated.get();
    }
    Attributes attributes = Attributes.of(info, query.get("fieldSelector"));
    Authorizer.Verdict verdict = authorizer.authorize(user, attributes);
    if (!verdict.allowed()) {
      throw Authorizer.forbidden(user, attributes, verdict.reason());
    }
    if (longRunning(request, info, query) || isHealthCheck(info)) {
      return dispatch(
          new ApiRequest(
              request, info, query, user, id, clock.get(), ByteString.emptyByteString()));
    }
    InFlight limit = info.mutating() ? writes : reads;
    RequestMetrics.Kind kind =
        info.mutating() ? RequestMetrics.Kind.MUTATING : RequestMetrics.Kind.READ_ONLY;
    User asker = user;
    java.util.function.Function<ByteString, ApiRequest> bodied =
        body -> new ApiRequest(request, info, query, asker, id, clock.get(), body);
    CompletableFuture<Void> turn = limit.enter(user.name()).toCompletableFuture();
    if (turn.isDone() && !turn.isCompletedExceptionally()) {
      return served(limit, kind, request, bodied);
    }
    metrics.waiting(kind, limit.waiting());
    return turn.whenComplete(
            (go, refused) -> {
              metrics.waiting(kind, limit.waiting());
              if (refused != null) {
                request.discardEntityBytes(system);
              }
            })
        .thenCompose(go -> served(limit, kind, request, bodied));
  }

  private CompletionStage<HttpResponse> served(
      InFlight limit,
      RequestMetrics.Kind kind,
      HttpRequest request,
      java.util.function.Function<ByteString, ApiRequest> bodied) {
    CompletionStage<HttpResponse> response;
    try {
      response = deadlines.bound(withBody(request, bodied));
    } catch (RuntimeException e) {
      limit.leave();
      throw e;
    }
    metrics.inFlight(kind, limit.count());
    return response.whenComplete(
        (answer, failure) -> {
          limit.leave();
          metrics.inFlight(kind, limit.count());
        });
  }

  private CompletionStage<HttpResponse> withBody(
      HttpRequest request, java.util.function.Function<ByteString, ApiRequest> bodied) {
    if (request.entity() instanceof HttpEntity.Strict strict) {
      if (strict.getData().size() > settings.bodyBytesMax()) {
        throw Statuses.tooLarge(settings.bodyBytesMax());
      }
      return dispatch(bodied.apply(strict.getData()));
    }
    return request
        .entity()
        .toStrict(BODY_MILLIS_MAX, settings.bodyBytesMax(), system)
        // Not on a thread of the stage's own choice, as in ClusterObjectStore.
        .handleAsync(
            (strict, failure) -> {
              if (failure == null) {
                return dispatch(bodied.apply(strict.getData()));
              }
              return CompletableFuture.<HttpResponse>failedFuture(unreadableBody(failure));
            },
            system.executionContext())
        .thenCompose(stage -> stage);
  }

  private Throwable unreadableBody(Throwable failure) {
    Throwable cause = Failures.unwrap(failure);
    boolean tooLarge =
        cause instanceof EntityStreamSizeException
            || (cause instanceof EntityStreamException refused
                && refused.info().summary().startsWith("Request too large"));
    if (tooLarge) {
      return Statuses.tooLarge(settings.bodyBytesMax());
    }
    if (cause instanceof TimeoutException || cause instanceof EntityStreamException) {
      return Statuses.badRequest("the body did not arrive: " + cause.getMessage());
    }
    return cause;
  }

  private CompletionStage<HttpResponse> dispatch(ApiRequest request) {
    boolean api = request.info().path().startsWith("/api");
    Endpoint endpoint = api && request.info().resourceRequest() ? resources : null;
    for (int i = 0; endpoint == null && i < paths.size(); i++) {
      if (paths.get(i).serves(request.info().path())) {
        endpoint = paths.get(i);
      }
    }
    if (endpoint == null) {
      return CompletableFuture.completedFuture(Responses.pageNotFound());
    }
    // The body may have arrived on another thread than its head.
    CompletionStage<HttpResponse> response;
    MDC.put(REQUEST_ID, request.id());
    try {
      response = endpoint.serve(request);
    } finally {
      MDC.remove(REQUEST_ID);
    }
    return response.thenApply(answer -> withWarnings(answer, request.warnings()));
  }

  private static HttpResponse withWarnings(HttpResponse response, List<String> warnings) {
    if (warnings.isEmpty()) {
      return response;
    }
    List<HttpHeader> headers = new ArrayList<>();
    for (String warning : warnings) {
      String text = warning.replace("\\", "\\\\").replace("\"", "\\\"").replace('\n', ' ');
      headers.add(RawHeader.create("Warning", "299 - \"" + text + "\""));
    }
    return response.addHeaders(headers);
  }

  private void authorizeImpersonation(User user, User target) {
    requireImpersonation(user, "users", target.name());
    for (String group : target.groups()) {
      if (!group.equals(User.AUTHENTICATED)) {
        requireImpersonation(user, "groups", group);
      }
    }
  }

  private void requireImpersonation(User user, String resource, String name) {
    Attributes what = new Attributes("impersonate", "", "v1", resource, "", "", name, "", "");
    Authorizer.Verdict verdict = authorizer.authorize(user, what);
    if (!verdict.allowed()) {
      throw Authorizer.forbidden(user, what, verdict.reason());
    }
  }

  private static boolean longRunning(HttpRequest request, RequestInfo info, Query query) {
    return info.verb().equals("watch")
        || STREAMS.contains(info.subresource())
        || (info.subresource().equals("log") && query.isTrue("follow"))
        || request.getAttribute(AttributeKeys.webSocketUpgrade).isPresent();
  }

  private static boolean isHealthCheck(RequestInfo info) {
    String path = info.path();
    return path.startsWith("/livez") || path.startsWith("/readyz") || path.startsWith("/healthz");
  }

  private HttpResponse failed(Throwable failure, String id, RequestInfo info) {
    Optional<StatusException> known = Failures.of(failure);
    if (known.isPresent()) {
      return Responses.failure(known.get());
    }
    if (Failures.unwrap(failure) instanceof TimeoutException) {
      return Responses.failure(
          Statuses.timeout("request did not complete within the allotted timeout"));
    }
    RequestLog.about(
        id, () -> LOG.error("request {} failed: {} {}", id, info.verb(), info.path(), failure));
    return Responses.failure(Statuses.internal("unexpected error, request id " + id));
  }

  /** The client's, when it is one that can stand in a log; else a new one. */
  private static String requestId(HttpRequest request) {
    for (String header : REQUEST_ID_HEADERS) {
      Optional<HttpHeader> given = request.getHeader(header);
      if (given.isPresent() && REQUEST_ID_FORM.matcher(given.get().value()).matches()) {
        return given.get().value();
      }
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
