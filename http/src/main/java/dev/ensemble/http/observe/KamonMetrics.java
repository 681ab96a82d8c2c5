package dev.ensemble.http.observe;

import dev.ensemble.http.request.RequestInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Histogram;
import kamon.metric.MeasurementUnit;
import kamon.tag.TagSet;

/** Records requests with Kamon under apiserver's names. */
public final class KamonMetrics implements RequestMetrics {
  /** Made-up resources in paths must not make series without end. */
  private static final int SERIES_MAX = 4000;

  private final Map<String, Series> series = new ConcurrentHashMap<>();
  private final Map<Kind, Gauge> inFlight = new ConcurrentHashMap<>();
  private final Map<Kind, Gauge> waiting = new ConcurrentHashMap<>();
  private final Map<String, Gauge> watchers = new ConcurrentHashMap<>();

  private record Series(Counter total, Histogram duration, Histogram size) {}

  @Override
  public void served(RequestInfo info, int code, long nanos, long responseBytes) {
    String verb = info.verb();
    String resource = info.resource();
    String subresource = info.subresource();
    String key = verb + ' ' + info.group() + ' ' + resource + ' ' + subresource + ' ' + code;
    Series found = series.get(key);
    if (found == null) {
      found =
          series.size() < SERIES_MAX
              ? series.computeIfAbsent(key, k -> make(verb, resource, subresource, code))
              : series.computeIfAbsent("other", k -> make("other", "other", "", code));
    }
    found.total().increment();
    if (!verb.equals("watch")) {
      found.duration().record(nanos);
    }
    if (responseBytes >= 0) {
      found.size().record(responseBytes);
    }
  }

  @Override
  public void inFlight(Kind kind, int count) {
    inFlight
        .computeIfAbsent(
            kind,
            k ->
                Kamon.gauge("apiserver_current_inflight_requests")
                    .withTag("request_kind", k == Kind.MUTATING ? "mutating" : "readOnly"))
        .update(count);
  }

  @Override
  public void waiting(Kind kind, int count) {
    waiting
        .computeIfAbsent(
            kind,
            k ->
                Kamon.gauge("apiserver_current_inqueue_requests")
                    .withTag("request_kind", k == Kind.MUTATING ? "mutating" : "readOnly"))
        .update(count);
  }

  @Override
  public void watchers(String resource, int change) {
    watchers
        .computeIfAbsent(
            resource, r -> Kamon.gauge("apiserver_registered_watchers").withTag("resource", r))
        .increment(change);
  }

  private static Series make(String verb, String resource, String subresource, int code) {
    TagSet tags =
        TagSet.from(
            Map.of(
                "verb",
                verb.toUpperCase(java.util.Locale.ROOT),
                "resource",
                resource,
                "subresource",
                subresource));
    return new Series(
        Kamon.counter("apiserver_request").withTags(tags.withTag("code", Integer.toString(code))),
        Kamon.histogram("apiserver_request_duration", MeasurementUnit.time().nanoseconds())
            .withTags(tags),
        Kamon.histogram("apiserver_response_sizes", MeasurementUnit.information().bytes())
            .withTags(tags));
  }
}
