package dev.ensemble.http.observe;

import akka.actor.typed.ActorSystem;
import dev.ensemble.actors.observe.Durations;
import dev.ensemble.actors.observe.Sampling;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.http.request.RequestInfo;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.DynamicRange;
import kamon.metric.Gauge;
import kamon.metric.Histogram;
import kamon.metric.MeasurementUnit;
import kamon.tag.TagSet;

/**
 * Records requests with Kamon under apiserver's names and with its labels. Of paths only what is
 * served becomes a label: clients cannot make series.
 */
public final class KamonMetrics implements RequestMetrics {
  /** Above what 13 kinds with all verbs and codes make; further ones are counted as "other". */
  private static final int SERIES_MAX = 4000;

  private static final String OTHER = "other";
  private static final Set<String> CONNECTED = Set.of("exec", "attach", "portforward", "proxy");
  private static final DynamicRange SIZES = new DynamicRange(64, 1L << 32, 1);

  private final ResourceTypes types;
  private final Map<Key, Series> series = new ConcurrentHashMap<>();
  private final Map<Kind, Gauge> inFlight = new EnumMap<>(Kind.class);
  private final Map<Kind, Gauge> waiting = new EnumMap<>(Kind.class);
  private final Map<String, Watches> watches = new ConcurrentHashMap<>();

  private record Key(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String scope,
      int code) {}

  private record Series(Counter total, Histogram duration, Histogram size) {}

  /** Metrics of a server that serves these types. Its gauges are sampled in {@code system}. */
  public static KamonMetrics start(ActorSystem<?> system, ResourceTypes types) {
    KamonMetrics metrics = new KamonMetrics(types);
    Sampling.of(system).add(metrics::sample);
    return metrics;
  }

  private KamonMetrics(ResourceTypes types) {
    this.types = types;
    for (Kind kind : Kind.values()) {
      String name = kind == Kind.MUTATING ? "mutating" : "readOnly";
      inFlight.put(
          kind, Kamon.gauge("apiserver_current_inflight_requests").withTag("request_kind", name));
      waiting.put(
          kind, Kamon.gauge("apiserver_current_inqueue_requests").withTag("request_kind", name));
    }
  }

  @Override
  public void served(RequestInfo info, int code, long nanos, long responseBytes) {
    Key key = key(info, code);
    Series found = series.get(key);
    if (found == null) {
      Key counted = series.size() < SERIES_MAX ? key : new Key(OTHER, "", "", OTHER, "", "", code);
      found = series.computeIfAbsent(counted, KamonMetrics::make);
    }
    found.total().increment();
    if (!key.verb().equals("WATCH") && !key.verb().equals("CONNECT")) {
      found.duration().record(nanos);
    }
    if (responseBytes >= 0) {
      found.size().record(responseBytes);
    }
  }

  private Key key(RequestInfo info, int code) {
    if (!info.resourceRequest()) {
      return new Key(verb(info), "", "", "", "", "", code);
    }
    String resource = info.resource();
    Optional<ResourceType> type = types.byPath(info.apiVersion(), resource);
    if (type.isEmpty() && types.virtualByPath(info.apiVersion(), resource).isEmpty()) {
      return new Key(verb(info), "", "", OTHER, "", "", code);
    }
    String subresource = info.subresource();
    boolean known =
        subresource.isEmpty()
            || CONNECTED.contains(subresource)
            || type.flatMap(t -> types.subresource(t, subresource)).isPresent();
    return new Key(
        verb(info),
        info.group(),
        info.version(),
        resource,
        known ? subresource : OTHER,
        scope(info),
        code);
  }

  /** Upstream's words: those of HTTP, and LIST, WATCH, DELETECOLLECTION and CONNECT. */
  private static String verb(RequestInfo info) {
    if (CONNECTED.contains(info.subresource())) {
      return "CONNECT";
    }
    return switch (info.verb()) {
      case "create", "post" -> "POST";
      case "update", "put" -> "PUT";
      case "get", "list", "watch", "patch", "delete", "deletecollection" ->
          info.verb().toUpperCase(Locale.ROOT);
      case "head" -> "GET";
      default -> OTHER;
    };
  }

  private static String scope(RequestInfo info) {
    if (!info.name().isEmpty() || info.verb().equals("create")) {
      return "resource";
    }
    return info.namespace().isEmpty() ? "cluster" : "namespace";
  }

  @Override
  public void inFlight(Kind kind, int count) {
    inFlight.get(kind).update(count);
  }

  @Override
  public void waiting(Kind kind, int count) {
    waiting.get(kind).update(count);
  }

  @Override
  public Runnable watching(String resource, IntSupplier buffered) {
    Watches ofResource = watches(resource);
    ofResource.open.add(buffered);
    return () -> ofResource.open.remove(buffered);
  }

  @Override
  public void watchFellBehind(String resource) {
    watches(resource).fellBehind.increment();
  }

  private Watches watches(String resource) {
    return watches.computeIfAbsent(resource, Watches::new);
  }

  private void sample() {
    watches.values().forEach(Watches::sample);
  }

  private static Series make(Key key) {
    Map<String, Object> labels = new HashMap<>();
    labels.put("component", "apiserver");
    labels.put("verb", key.verb());
    labels.put("group", key.group());
    labels.put("version", key.version());
    labels.put("resource", key.resource());
    labels.put("subresource", key.subresource());
    labels.put("scope", key.scope());
    TagSet tags = TagSet.from(labels);
    return new Series(
        Kamon.counter("apiserver_request_total")
            .withTags(tags.withTag("code", Integer.toString(key.code()))),
        Durations.histogram("apiserver_request_duration_seconds", "without watches and streams")
            .withTags(tags),
        Kamon.histogram("apiserver_response_sizes", MeasurementUnit.information().bytes(), SIZES)
            .withTags(tags));
  }

  /** The open watches of one resource. */
  private static final class Watches {
    private final Set<IntSupplier> open = ConcurrentHashMap.newKeySet();
    private final Counter fellBehind;
    private final Gauge count;
    private final Gauge buffered;
    private final Gauge longest;

    Watches(String resource) {
      fellBehind =
          Kamon.counter("ensemble_watches_fell_behind_total").withTag("resource", resource);
      count =
          Kamon.gauge("apiserver_longrunning_requests")
              .withTags(
                  TagSet.from(
                      Map.of("component", "apiserver", "verb", "WATCH", "resource", resource)));
      buffered = Kamon.gauge("ensemble_watch_buffered_changes").withTag("resource", resource);
      longest = Kamon.gauge("ensemble_watch_buffered_changes_max").withTag("resource", resource);
    }

    void sample() {
      double sum = 0;
      int max = 0;
      for (IntSupplier watch : open) {
        int waiting = watch.getAsInt();
        sum += waiting;
        max = Math.max(max, waiting);
      }
      count.update(open.size());
      buffered.update(sum);
      longest.update(max);
    }
  }
}
