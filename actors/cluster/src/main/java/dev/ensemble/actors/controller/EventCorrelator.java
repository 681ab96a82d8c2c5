package dev.ensemble.actors.controller;

import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a note: a new Event, a higher count on one that is there, or nothing because its
 * source says too much about its object. The numbers are those of upstream's correlator.
 */
final class EventCorrelator {
  private static final int ENTRIES_MAX = 4096;
  private static final int SPAM_BURST = 25;
  private static final Duration SPAM_REFILL = Duration.ofMinutes(5);
  private static final int SIMILAR_MAX = 10;
  private static final Duration SIMILAR_WITHIN = Duration.ofMinutes(10);

  /** An Event that says the same, as it was last written. */
  record Written(String name, String uid, int count) {}

  /** A note as it is to be written, and the Event that it adds to, if any. */
  record Verdict(Note note, Optional<Written> before) {}

  private record Source(Reference regarding, String component) {}

  private record Similar(Source source, String reason, Note.Type type) {}

  private static final class Budget {
    double tokens = SPAM_BURST;
    Instant at;
  }

  private static final class Group {
    final Set<String> messages = new HashSet<>();
    Instant last;
  }

  private final Map<Source, Budget> budgets = new Bounded<>();
  private final Map<Similar, Group> groups = new Bounded<>();
  private final Map<Note, Written> written = new Bounded<>();

  /** The least recently used fall out. */
  private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
    Bounded() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > ENTRIES_MAX;
    }
  }

  /** Empty when the note is dropped. */
  Optional<Verdict> judge(Note note, Instant now) {
    if (!spend(new Source(note.regarding(), note.component()), now)) {
      return Optional.empty();
    }
    return Optional.of(verdict(combined(note, now)));
  }

  /** The verdict on a note that was judged before, as of what was written since. */
  Verdict verdict(Note judged) {
    return new Verdict(judged, Optional.ofNullable(written.get(key(judged))));
  }

  /** Remembers what a note was written as. */
  void wrote(Note note, Written event) {
    written.put(key(note), event);
  }

  /** The Event of a note is gone. */
  void lost(Note note) {
    written.remove(key(note));
  }

  private boolean spend(Source source, Instant now) {
    Budget budget = budgets.computeIfAbsent(source, ignored -> new Budget());
    if (budget.at != null) {
      double refilled =
          (double) Duration.between(budget.at, now).toMillis() / SPAM_REFILL.toMillis();
      budget.tokens = Math.min(SPAM_BURST, budget.tokens + refilled);
    }
    budget.at = now;
    if (budget.tokens < 1) {
      return false;
    }
    budget.tokens -= 1;
    return true;
  }

  private Note combined(Note note, Instant now) {
    Similar similar =
        new Similar(new Source(note.regarding(), note.component()), note.reason(), note.type());
    Group group = groups.computeIfAbsent(similar, ignored -> new Group());
    if (group.last != null && group.last.plus(SIMILAR_WITHIN).isBefore(now)) {
      group.messages.clear();
    }
    group.last = now;
    if (group.messages.size() < SIMILAR_MAX) {
      group.messages.add(note.message());
      return note;
    }
    if (group.messages.contains(note.message())) {
      return note;
    }
    return new Note(
        note.regarding(), note.type(), note.reason(), COMBINED + note.message(), note.component());
  }

  private static final String COMBINED = "(combined from similar events): ";

  /** Combined Events of one kind are one Event, whatever their latest message. */
  static Note key(Note note) {
    return note.message().startsWith(COMBINED)
        ? new Note(
            note.regarding(), note.type(), note.reason(), COMBINED, note.component(), note.host())
        : note;
  }
}
