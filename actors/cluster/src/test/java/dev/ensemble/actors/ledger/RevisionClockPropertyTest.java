package dev.ensemble.actors.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RevisionClockPropertyTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  @Property
  void revisionsGrowStrictlyAndKeepTheirDatacenterHoweverTheClockMoves(
      @ForAll @IntRange(max = 31) int datacenter,
      @ForAll @Size(max = 50)
          List<@LongRange(min = -10_000_000, max = 10_000_000) Long> microsFromStart) {
    RevisionClock clock = new RevisionClock(datacenter, 0);
    long last = 0;
    for (long micros : microsFromStart) {
      long revision = clock.next(START.plusNanos(micros * 1_000));
      assertThat(revision).isGreaterThan(last);
      assertThat(RevisionClock.datacenterOf(revision)).isEqualTo(datacenter);
      last = revision;
    }
  }

  @Property
  void aRevisionTellsItsInstant(@ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long micros) {
    Instant now = START.plusNanos(micros * 1_000);
    assertThat(RevisionClock.instantOf(new RevisionClock(3, 0).next(now))).isEqualTo(now);
  }

  @Property
  void aClockThatTakesOverGoesOnAboveTheLastRevision(@ForAll @IntRange(max = 31) int datacenter) {
    long ahead = new RevisionClock(31, 0).next(START.plusSeconds(3600));
    assertThat(new RevisionClock(datacenter, ahead).next(START)).isGreaterThan(ahead);
  }
}
