package dev.ensemble.http.watch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The watches under way, to be ended when the server stops. A kill switch would do the same as one
 * more stage that each event of each watch goes through.
 */
public final class OpenWatches {
  private final Set<Runnable> ends = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Runs {@code end} when the server stops, at once if it has stopped; maybe twice.
   *
   * @return to be run when the watch has ended
   */
  Runnable add(Runnable end) {
    ends.add(end);
    if (closed) {
      end.run();
    }
    return () -> ends.remove(end);
  }

  /** Ends all watches, and those that still begin. */
  public void close() {
    closed = true;
    ends.forEach(Runnable::run);
  }
}
