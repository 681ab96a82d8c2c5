package dev.ensemble.http.watch;

import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.http.observe.RequestMetrics;
import dev.ensemble.http.server.ApiSettings.WatchSettings;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one watch does.
 *
 * @param concerns the cheap test that the ledger's thread makes
 * @param scope what is read from the journal when the view does not go back so far
 * @param existing what is sent first as ADDED; consumed once
 * @param position changes after this revision follow
 * @param initialEnd annotations of the bookmark after {@code existing}; empty: no such bookmark
 */
record WatchPlan(
    View view,
    Predicate<StoredObject> concerns,
    Scope scope,
    Iterator<StoredObject> existing,
    long position,
    Optional<Map<String, String>> initialEnd,
    boolean bookmarks,
    Duration timeout,
    EventEncoder encoder,
    WatchSettings settings,
    RequestMetrics metrics,
    OpenWatches open) {}
