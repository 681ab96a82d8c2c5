package dev.ensemble.actors.node;

import dev.ensemble.actors.store.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Writes of one session: of each object at most one under way and the newest one waiting, and not
 * too many at once. A write that failed is tried again, unless a newer one has taken its place.
 */
final class LatestWrites {
  private final SessionSettings settings;
  private final Sink sink;
  private final Map<String, Supplier<CompletionStage<Outcome>>> waiting = new LinkedHashMap<>();
  private final Map<String, Supplier<CompletionStage<Outcome>>> underWay = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, Supplier<CompletionStage<Outcome>>> resting = new HashMap<>();

  /** How the session hears of its writes, on its own thread. */
  interface Sink {
    void pipe(String object, CompletionStage<Outcome> outcome);

    void again(String object, Duration delay);
  }

  LatestWrites(SessionSettings settings, Sink sink) {
    this.settings = settings;
    this.sink = sink;
  }

  /**
   * Writes when it is the object's turn. {@code write} is called then, to look at what is so then.
   */
  void put(String object, Supplier<CompletionStage<Outcome>> write) {
    if (resting.containsKey(object)) {
      resting.put(object, write);
    } else {
      waiting.put(object, write);
      begin();
    }
  }

  /** The write is done; an empty outcome means that it failed or is unknown. */
  void done(String object, Optional<Outcome> outcome) {
    Supplier<CompletionStage<Outcome>> write = underWay.remove(object);
    if (write == null) {
      return;
    }
    if (outcome.isPresent()) {
      failures.remove(object);
    } else {
      int count = failures.merge(object, 1, Integer::sum);
      Supplier<CompletionStage<Outcome>> newer = waiting.remove(object);
      resting.put(object, newer == null ? write : newer);
      sink.again(object, delay(count));
    }
    begin();
  }

  /** Whether a write of the object is under way or to come. */
  boolean owes(String object) {
    return waiting.containsKey(object)
        || underWay.containsKey(object)
        || resting.containsKey(object);
  }

  /** A failed write has rested. */
  void retry(String object) {
    Supplier<CompletionStage<Outcome>> write = resting.remove(object);
    if (write != null) {
      put(object, write);
    }
  }

  private Duration delay(int count) {
    Duration delay = settings.retry().multipliedBy(1L << Math.min(10, count - 1));
    return delay.compareTo(settings.retryMax()) > 0 ? settings.retryMax() : delay;
  }

  private void begin() {
    Iterator<Map.Entry<String, Supplier<CompletionStage<Outcome>>>> it =
        waiting.entrySet().iterator();
    while (it.hasNext() && underWay.size() < settings.writesMax()) {
      Map.Entry<String, Supplier<CompletionStage<Outcome>>> next = it.next();
      if (!underWay.containsKey(next.getKey())) {
        it.remove();
        underWay.put(next.getKey(), next.getValue());
        sink.pipe(next.getKey(), next.getValue().get());
      }
    }
  }
}
