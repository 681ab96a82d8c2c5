package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Set<MarketEvent> ROOM = EnumSet.of(MarketEvent.ROOM);

  private final SchedulingQueue queue = new SchedulingQueue(SchedulingQueue.Settings.standard());

  private static PodRequest pod(String name, int priority) {
    return Samples.pod(name, "{priority: " + priority + "}");
  }

  private static Instant at(double seconds) {
    return T0.plusMillis((long) (seconds * 1000));
  }

  private List<String> take(Instant now) {
    return queue.take(10, now).stream().map(PodRequest::name).toList();
  }

  @Test
  void podsAreTakenByPriorityThenByAge() {
    queue.put(pod("young", 0), at(2));
    queue.put(pod("old", 0), at(1));
    queue.put(pod("urgent", 7), at(3));
    assertThat(take(at(4))).containsExactly("urgent", "old", "young");
    assertThat(take(at(4))).isEmpty();
  }

  @Test
  void aRefusedPodWaitsForAnEventThatHelpsAndForItsBackoff() {
    queue.put(pod("a", 0), at(0));
    take(at(0));
    queue.refused("uid-a", ROOM, at(0));
    queue.happened(EnumSet.of(MarketEvent.NODE_LABELS), at(5));
    assertThat(take(at(5))).isEmpty();
    queue.happened(ROOM, at(5));
    assertThat(take(at(5))).containsExactly("a");
    queue.refused("uid-a", ROOM, at(5));
    queue.happened(ROOM, at(5.5));
    assertThat(queue.due()).isEqualTo(Optional.of(at(7)));
    assertThat(take(at(6.9))).isEmpty();
    assertThat(take(at(7))).containsExactly("a");
  }

  @Test
  void anEventWhileThePodIsTriedIsNotLost() {
    queue.put(pod("a", 0), at(0));
    take(at(0));
    queue.happened(ROOM, at(0.1));
    queue.refused("uid-a", ROOM, at(0.2));
    assertThat(take(at(1.2))).containsExactly("a");
  }

  @Test
  void anEventBeforeThePodWasTakenDoesNotCountAsMissed() {
    queue.put(pod("a", 0), at(0));
    take(at(0));
    queue.happened(ROOM, at(0.1));
    queue.failed("uid-a", at(0.2));
    take(at(2));
    queue.refused("uid-a", ROOM, at(2));
    assertThat(take(at(60))).isEmpty();
  }

  @Test
  void backoffDoublesUpToItsLimit() {
    assertThat(List.of(1, 2, 3, 4, 5, 40).stream().map(queue::backoff))
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
  }

  @Test
  void aPodThatNothingHelpsIsTriedAgainAfterFiveMinutes() {
    queue.put(pod("a", 0), at(0));
    take(at(0));
    queue.refused("uid-a", ROOM, at(0));
    assertThat(queue.due()).isEqualTo(Optional.of(at(300)));
    assertThat(take(at(299))).isEmpty();
    assertThat(take(at(300))).containsExactly("a");
  }

  @Test
  void aGatedPodIsNotTakenUntilItsGatesAreGone() {
    queue.put(Samples.pod("a", "{schedulingGates: [{name: 'g'}]}"), at(0));
    assertThat(take(at(1))).isEmpty();
    assertThat(queue.counts()).isEqualTo(new SchedulingQueue.Counts(0, 0, 0, 0, 1));
    queue.put(Samples.pod("a", "{}"), at(2));
    assertThat(take(at(2))).containsExactly("a");
  }

  @Test
  void aChangeOfThePodHelpsOnlyWhenItsRefusalSaysSo() {
    queue.put(pod("a", 0), at(0));
    queue.put(pod("b", 0), at(0));
    take(at(0));
    queue.refused("uid-a", EnumSet.of(MarketEvent.POD_CHANGED), at(0));
    queue.refused("uid-b", ROOM, at(0));
    queue.put(pod("a", 1), at(20));
    queue.put(pod("b", 1), at(20));
    assertThat(take(at(20))).containsExactly("a");
  }

  @Test
  void theSamePodAgainChangesNothing() {
    queue.put(pod("a", 0), at(0));
    take(at(0));
    queue.refused("uid-a", EnumSet.allOf(MarketEvent.class), at(0));
    queue.put(pod("a", 0), at(20));
    assertThat(take(at(20))).isEmpty();
  }

  @Test
  void aRemovedPodIsGoneFromEverywhereAndCannotBeGivenBack() {
    queue.put(pod("a", 0), at(0));
    queue.put(pod("b", 0), at(0));
    queue.take(1, at(0));
    queue.remove("uid-a");
    queue.remove("uid-b");
    queue.refused("uid-a", ROOM, at(1));
    queue.failed("uid-b", at(1));
    assertThat(take(at(1000))).isEmpty();
    assertThat(queue.counts()).isEqualTo(new SchedulingQueue.Counts(0, 0, 0, 0, 0));
    assertThat(queue.due()).isEmpty();
  }
}
