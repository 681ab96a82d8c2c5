package dev.ensemble.http.watch;

import akka.NotUsed;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.http.observe.RequestMetrics;
import dev.ensemble.http.read.Forms;
import dev.ensemble.http.read.Selection;
import dev.ensemble.http.read.Selections;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.ListOptions;
import dev.ensemble.http.request.ResponseForm;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.ApiSettings.WatchSettings;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.status.Statuses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Serves watches. */
public final class WatchEndpoint {
  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";
  private static final String BLUEPRINT = "kubernetes.io/initial-events-list-blueprint";

  private final Forms forms;
  private final Selections selections;
  private final WatchSettings settings;
  private final RequestMetrics metrics;
  private final OpenWatches open;
  private final Map<String, Frames> frames = new ConcurrentHashMap<>();

  public WatchEndpoint(
      Forms forms,
      Selections selections,
      WatchSettings settings,
      RequestMetrics metrics,
      OpenWatches open) {
    this.forms = forms;
    this.selections = selections;
    this.settings = settings;
    this.metrics = metrics;
    this.open = open;
  }

  public HttpResponse watch(ApiRequest request, Target target) {
    ListOptions options = ListOptions.of(request.query(), "watch");
    ResponseForm form = request.form();
    if (form.encoding() != ResponseForm.Encoding.JSON) {
      throw Statuses.notAcceptable(java.util.List.of("application/json"));
    }
    Selection selection = selections.of(target, request.info(), options);
    Forms.IncludeObject include = Forms.IncludeObject.of(request.query());
    EventEncoder encoder =
        new SelectingEncoder(target, selection, shared(target, form), forms, form, include);
    WatchPlan plan = plan(target, selection, options, encoder);
    Source<ByteString, NotUsed> source = Source.fromGraph(new WatchStage(plan));
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, source));
  }

  private WatchPlan plan(
      Target target, Selection selection, ListOptions options, EventEncoder encoder) {
    Snapshot snapshot = target.view().snapshot();
    long wanted = options.revision();
    if (wanted > snapshot.revision()) {
      throw Statuses.resourceVersionTooLarge(wanted, snapshot.revision());
    }
    boolean fromNow = wanted == 0 || options.sendInitialEvents();
    Iterator<StoredObject> existing =
        fromNow ? selection.candidates(snapshot).iterator() : Collections.emptyIterator();
    Optional<Map<String, String>> initialEnd =
        options.sendInitialEvents() && options.allowWatchBookmarks()
            ? Optional.of(endOfInitialEvents(target))
            : Optional.empty();
    return new WatchPlan(
        target.view(),
        selection::mayMatch,
        selection.scope(),
        existing,
        fromNow ? snapshot.revision() : wanted,
        initialEnd,
        options.allowWatchBookmarks(),
        options.timeout().orElseGet(this::anyTimeout),
        encoder,
        settings,
        metrics,
        open);
  }

  private static Map<String, String> endOfInitialEvents(Target target) {
    ObjectNode blueprint = Json.object();
    blueprint.put("kind", target.served().kind() + "List");
    blueprint.put("apiVersion", target.served().apiVersion());
    blueprint.putObject("metadata");
    blueprint.putArray("items");
    String encoded =
        new String(Base64.getEncoder().encode(Json.bytes(blueprint)), StandardCharsets.US_ASCII);
    return Map.of(INITIAL_EVENTS_END, "true", BLUEPRINT, encoded);
  }

  /** Watches that begin together must not end together. */
  private Duration anyTimeout() {
    double factor = 1 + ThreadLocalRandom.current().nextDouble();
    return Duration.ofMillis((long) (settings.timeoutMin().toMillis() * factor));
  }

  private Optional<Frames> shared(Target target, ResponseForm form) {
    if (form.view() == ResponseForm.View.TABLE) {
      return Optional.empty();
    }
    String key =
        target.served().apiVersion()
            + "/"
            + target.served().plural()
            + "/"
            + form.view()
            + "/"
            + form.metaVersion();
    return Optional.of(
        frames.computeIfAbsent(
            key,
            k ->
                form.view() == ResponseForm.View.OBJECT
                    ? new Frames(target::servedBytes)
                    : new Frames(
                        object -> Json.bytes(forms.partial(target, object, form.metaVersion())))));
  }
}
