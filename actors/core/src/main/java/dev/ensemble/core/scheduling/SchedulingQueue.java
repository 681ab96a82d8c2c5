package dev.ensemble.core.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Pods that wait for a node. Those that can be tried are taken by priority, then by age. A pod that
 * no node would take waits until something happens that can help it, and then at least for its
 * backoff. Not safe for several threads.
 */
public final class SchedulingQueue {
  private final Settings settings;
  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeSet<Entry> active =
      new TreeSet<>(
          Comparator.<Entry>comparingInt(e -> -e.pod.priority())
              .thenComparing(e -> e.since)
              .thenComparingLong(e -> e.number));
  private final TreeSet<Entry> backoff =
      new TreeSet<>(
          Comparator.<Entry, Instant>comparing(e -> e.backoffUntil)
              .thenComparingLong(e -> e.number));
  private final TreeSet<Entry> unschedulable =
      new TreeSet<>(
          Comparator.<Entry, Instant>comparing(e -> e.since).thenComparingLong(e -> e.number));
  private final Map<MarketEvent, Set<Entry>> waiting = new EnumMap<>(MarketEvent.class);
  private final Set<Entry> underWay = new LinkedHashSet<>();
  private long numbers;

  public SchedulingQueue(Settings settings) {
    this.settings = settings;
    for (MarketEvent event : MarketEvent.values()) {
      waiting.put(event, new LinkedHashSet<>());
    }
  }

  /**
   * @param backoffInitial after the first failure; it doubles with each further one
   * @param unschedulableMax how long a pod waits when nothing happens that can help it: then it is
   *     tried again all the same, in case an event was overlooked
   */
  public record Settings(Duration backoffInitial, Duration backoffMax, Duration unschedulableMax) {
    /** Upstream's defaults. */
    public static Settings standard() {
      return new Settings(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(5));
    }
  }

  /** The pod is there, or looks like this now. */
  public void put(PodRequest pod, Instant now) {
    Entry entry = entries.get(pod.uid());
    if (entry == null) {
      entry = new Entry(pod, now, numbers++);
      entries.put(pod.uid(), entry);
      enter(entry, gated(pod) ? Place.GATED : Place.ACTIVE);
      return;
    }
    if (entry.pod.equals(pod)) {
      return;
    }
    Place place = entry.place;
    leave(entry);
    entry.pod = pod;
    if (place == Place.UNDER_WAY) {
      entry.missed.add(MarketEvent.POD_CHANGED);
      enter(entry, place);
    } else if (gated(pod)) {
      enter(entry, Place.GATED);
    } else if (place == Place.GATED) {
      enter(entry, Place.ACTIVE);
    } else if (place == Place.UNSCHEDULABLE && entry.helpedBy.contains(MarketEvent.POD_CHANGED)) {
      tryAgain(entry, now);
    } else {
      enter(entry, place);
    }
  }

  /** The pod is gone, bound, or not ours. */
  public void remove(String uid) {
    Entry entry = entries.remove(uid);
    if (entry != null) {
      leave(entry);
    }
  }

  /** Takes the next pods to try, at most {@code most}. Each must be given back or removed. */
  public List<PodRequest> take(int most, Instant now) {
    flush(now);
    List<PodRequest> taken = new ArrayList<>();
    while (taken.size() < most && !active.isEmpty()) {
      Entry entry = active.first();
      leave(entry);
      entry.attempts++;
      entry.missed.clear();
      enter(entry, Place.UNDER_WAY);
      taken.add(entry.pod);
    }
    return taken;
  }

  /** No node would take the pod. It waits for one of the events. */
  public void refused(String uid, Set<MarketEvent> helpedBy, Instant now) {
    Optional<Entry> entry = giveBack(uid, now);
    if (entry.isEmpty()) {
      return;
    }
    entry.get().helpedBy = EnumSet.noneOf(MarketEvent.class);
    entry.get().helpedBy.addAll(helpedBy);
    boolean helped = entry.get().missed.stream().anyMatch(helpedBy::contains);
    if (gated(entry.get().pod)) {
      enter(entry.get(), Place.GATED);
    } else {
      enter(entry.get(), helped ? Place.BACKOFF : Place.UNSCHEDULABLE);
    }
  }

  /** Something failed on the way: the pod is tried again after its backoff. */
  public void failed(String uid, Instant now) {
    giveBack(uid, now).ifPresent(e -> enter(e, gated(e.pod) ? Place.GATED : Place.BACKOFF));
  }

  /** Something happened that may help pods which wait for it. */
  public void happened(Set<MarketEvent> events, Instant now) {
    happened(events, pod -> true, now);
  }

  /** Something happened that may help those pods which wait for it and are concerned. */
  public void happened(Set<MarketEvent> events, Predicate<PodRequest> concerned, Instant now) {
    for (MarketEvent event : events) {
      for (Entry entry : List.copyOf(waiting.get(event))) {
        if (concerned.test(entry.pod)) {
          leave(entry);
          tryAgain(entry, now);
        }
      }
    }
    if (!events.isEmpty()) {
      for (Entry entry : underWay) {
        if (concerned.test(entry.pod)) {
          entry.missed.addAll(events);
        }
      }
    }
  }

  /** All pods here, those that are being tried included. */
  public Set<String> uids() {
    return Set.copyOf(entries.keySet());
  }

  /** When to take again though nothing happens; empty when there is nothing to wait for. */
  public Optional<Instant> due() {
    Optional<Instant> due = Optional.empty();
    if (!backoff.isEmpty()) {
      due = Optional.of(backoff.first().backoffUntil);
    }
    if (!unschedulable.isEmpty()) {
      Instant leftover = unschedulable.first().since.plus(settings.unschedulableMax());
      due = Optional.of(due.filter(leftover::isAfter).orElse(leftover));
    }
    return due;
  }

  public Counts counts() {
    int gated = entries.size() - active.size() - backoff.size() - unschedulable.size();
    return new Counts(
        active.size(),
        backoff.size(),
        unschedulable.size(),
        underWay.size(),
        gated - underWay.size());
  }

  /** Upstream's metric pending_pods, by queue. */
  public record Counts(int active, int backoff, int unschedulable, int underWay, int gated) {}

  Duration backoff(int attempts) {
    long factor = 1L << Math.min(20, Math.max(0, attempts - 1));
    Duration wanted = settings.backoffInitial().multipliedBy(factor);
    return wanted.compareTo(settings.backoffMax()) > 0 ? settings.backoffMax() : wanted;
  }

  private Optional<Entry> giveBack(String uid, Instant now) {
    Entry entry = entries.get(uid);
    if (entry == null || entry.place != Place.UNDER_WAY) {
      return Optional.empty();
    }
    leave(entry);
    entry.since = now;
    entry.backoffUntil = now.plus(backoff(entry.attempts));
    return Optional.of(entry);
  }

  private void flush(Instant now) {
    while (!backoff.isEmpty() && !backoff.first().backoffUntil.isAfter(now)) {
      Entry entry = backoff.first();
      leave(entry);
      enter(entry, Place.ACTIVE);
    }
    Instant oldest = now.minus(settings.unschedulableMax());
    while (!unschedulable.isEmpty() && !unschedulable.first().since.isAfter(oldest)) {
      Entry entry = unschedulable.first();
      leave(entry);
      tryAgain(entry, now);
    }
  }

  private void tryAgain(Entry entry, Instant now) {
    enter(entry, entry.backoffUntil.isAfter(now) ? Place.BACKOFF : Place.ACTIVE);
  }

  private void enter(Entry entry, Place place) {
    entry.place = place;
    switch (place) {
      case ACTIVE -> active.add(entry);
      case BACKOFF -> backoff.add(entry);
      case UNSCHEDULABLE -> {
        unschedulable.add(entry);
        entry.helpedBy.forEach(event -> waiting.get(event).add(entry));
      }
      case UNDER_WAY -> underWay.add(entry);
      case GATED -> {}
    }
  }

  private void leave(Entry entry) {
    switch (entry.place) {
      case ACTIVE -> active.remove(entry);
      case BACKOFF -> backoff.remove(entry);
      case UNSCHEDULABLE -> {
        unschedulable.remove(entry);
        entry.helpedBy.forEach(event -> waiting.get(event).remove(entry));
      }
      case UNDER_WAY -> underWay.remove(entry);
      case GATED -> {}
    }
  }

  private static boolean gated(PodRequest pod) {
    return !pod.schedulingGates().isEmpty();
  }

  private enum Place {
    ACTIVE,
    BACKOFF,
    UNSCHEDULABLE,
    UNDER_WAY,
    GATED
  }

  /** Identity counts: fields that order a set change only while the entry is in none. */
  private static final class Entry {
    private PodRequest pod;
    private Instant since;
    private final long number;
    private int attempts;
    private Instant backoffUntil = Instant.MIN;
    private Set<MarketEvent> helpedBy = EnumSet.noneOf(MarketEvent.class);
    private final Set<MarketEvent> missed = EnumSet.noneOf(MarketEvent.class);
    private Place place = Place.GATED;

    Entry(PodRequest pod, Instant since, long number) {
      this.pod = pod;
      this.since = since;
      this.number = number;
    }
  }
}
