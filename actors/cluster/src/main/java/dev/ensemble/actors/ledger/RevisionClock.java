package dev.ensemble.actors.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Gives revisions: microseconds since 1970 in the high bits, the datacenter's number in the low
 * {@value #DATACENTER_BITS}. They grow strictly even when the clock stands still or goes back.
 */
public final class RevisionClock {
  static final int DATACENTER_BITS = 5;
  private static final long STEP = 1L << DATACENTER_BITS;

  private final int datacenter;
  private long last;

  /**
   * A clock of one datacenter.
   *
   * @param datacenter 0 to 31
   * @param last the last revision that was given, 0 when none was
   */
  public RevisionClock(int datacenter, long last) {
    if (datacenter < 0 || datacenter >= STEP) {
      throw new IllegalArgumentException(
          "a datacenter's number is 0 to " + (STEP - 1) + ", not " + datacenter);
    }
    this.datacenter = datacenter;
    this.last = last;
  }

  public long next(Instant now) {
    long micros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
    last =
        Math.max(
            micros << DATACENTER_BITS | datacenter,
            (last >> DATACENTER_BITS << DATACENTER_BITS | datacenter) + STEP);
    return last;
  }

  /** The instant that a revision tells, exact unless the clock was overtaken. */
  public static Instant instantOf(long revision) {
    return Instant.EPOCH.plus(revision >> DATACENTER_BITS, ChronoUnit.MICROS);
  }

  public static int datacenterOf(long revision) {
    return (int) (revision & (STEP - 1));
  }
}
