package dev.ensemble.actors.view;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the objects of all views of a process take, about, and how much they may. When
 * they take more, {@link #isFull} says so and entities refuse what would add to it; nothing that is
 * held is given up.
 */
public final class HeldBytes {
  /**
   * What an entity takes beside its object's JSON, and what one takes whose object is gone:
   * measured as 0.4 to 0.5 KB, and reckoned as 0.3 KB (docs/adr/0006-objects-in-memory.md).
   */
  static final long EACH = 512;

  private final long max;
  private final AtomicLong held = new AtomicLong();

  /** Nothing held yet, of so many bytes. */
  public HeldBytes(long max) {
    this.max = max;
  }

  void add(long bytes) {
    held.addAndGet(bytes);
  }

  public long held() {
    return held.get();
  }

  public long max() {
    return max;
  }

  public boolean isFull() {
    return held.get() >= max;
  }
}
