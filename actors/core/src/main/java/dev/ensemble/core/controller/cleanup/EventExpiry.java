package dev.ensemble.core.controller.cleanup;

import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Deletes Events that were last changed longer ago than they are kept (upstream's event-ttl). */
public final class EventExpiry {
  /** So many in one pass. */
  static final int BURST = 500;

  private EventExpiry() {}

  /** An Event, and when it was last written. */
  public record Kept(ObjectKey key, String uid, Instant lastWritten) {}

  /** All that a sweep may look at. */
  public record View(List<Kept> events, Duration timeToLive) {
    public View {
      events = List.copyOf(events);
    }
  }

  public static Plan sweep(View view, Instant now) {
    Instant limit = now.minus(view.timeToLive());
    List<Kept> expired =
        view.events().stream()
            .filter(event -> !event.lastWritten().isAfter(limit))
            .sorted(Comparator.comparing(Kept::lastWritten).thenComparing(Kept::uid))
            .toList();
    List<Action> actions =
        expired.stream()
            .limit(BURST)
            .<Action>map(event -> Action.Delete.of(event.key(), event.uid()))
            .toList();
    return new Plan(
        actions, expired.size() > BURST ? Optional.of(Duration.ofSeconds(1)) : Optional.empty());
  }
}
