package dev.ensemble.http.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.actors.view.LedgerView;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentSnapshotsTest {
  private static final ResourceName PODS = ResourceName.parse("pods");
  private static final ResourceName SECRETS = ResourceName.parse("secrets");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final RecentSnapshots recent = new RecentSnapshots(2, now::get);

  @Test
  void theNewestFewOfEachResourceAreKept() {
    Snapshot first = snapshot(1);
    Snapshot second = snapshot(2);
    Snapshot third = snapshot(3);
    recent.keep(PODS, first);
    recent.keep(SECRETS, first);
    recent.keep(PODS, second);
    recent.keep(PODS, third);

    assertThat(recent.at(PODS, 1)).isEmpty();
    assertThat(recent.at(PODS, 2)).contains(second);
    assertThat(recent.at(PODS, 3)).contains(third);
    assertThat(recent.at(SECRETS, 1)).contains(first);
  }

  @Test
  void aListThatGoesOnKeepsItsSnapshotAndOneGivenUpLosesIt() {
    Snapshot list = snapshot(1);
    Snapshot givenUp = snapshot(2);
    recent.keep(PODS, list);
    recent.keep(PODS, givenUp);
    for (int minute = 1; minute <= 10; minute++) {
      now.updateAndGet(instant -> instant.plus(MINUTE));
      assertThat(recent.at(PODS, 1)).contains(list);
      assertThat(recent.at(PODS, 2).isPresent())
          .isEqualTo(MINUTE.multipliedBy(minute).compareTo(RecentSnapshots.KEPT_MAX) <= 0);
      recent.keep(PODS, list);
    }
    assertThat(recent.at(SECRETS, 1)).isEqualTo(Optional.empty());
  }

  private static Snapshot snapshot(long revision) {
    LedgerView view = new LedgerView(PODS, new LedgerView.Limits(10, 1_000));
    view.reset(revision, Map.of());
    return view.snapshot();
  }
}
