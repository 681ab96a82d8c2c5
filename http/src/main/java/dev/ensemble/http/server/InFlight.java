package dev.ensemble.http.server;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the requests that are being served, reads and writes apart, as apiserver's
 * max-requests-inflight does. Watches and streams are not counted.
 */
final class InFlight {
  private final int max;
  private final AtomicInteger now = new AtomicInteger();

  InFlight(int max) {
    this.max = max;
  }

  /** Takes a place; false when there is none. */
  boolean enter() {
    if (now.incrementAndGet() > max) {
      now.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    now.decrementAndGet();
  }

  int count() {
    return now.get();
  }
}
