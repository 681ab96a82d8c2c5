package dev.ensemble.actors.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.actors.market.MarketObjects;
import dev.ensemble.actors.node.BrokerReply;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.Diagnosis;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import dev.ensemble.persistence.format.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DealerTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final List<String> said = new ArrayList<>();
  private final List<String> attempts = new ArrayList<>();
  private List<Bid> kept = List.of();
  private final Dealer dealer =
      new Dealer(SchedulerSettings.standard(), DefaultProfile.create(), new Listening());

  private final class Listening implements Floor {
    @Override
    public void callForBid(String node, PodRequest pod, int round) {
      said.add("call " + node + " " + round);
    }

    @Override
    public void award(String node, WaitingPod pod, List<Bid> bids) {
      said.add("award " + node);
      kept = bids;
    }

    @Override
    public void scheduled(WaitingPod pod, String node) {
      said.add("scheduled " + node);
    }

    @Override
    public void attempted(Attempt attempt, Duration took) {
      attempts.add(attempt + " " + took);
    }

    @Override
    public void unschedulable(WaitingPod pod, Diagnosis diagnosis) {
      said.add("unschedulable");
    }
  }

  private static WaitingPod pod() {
    ObjectKey key = ObjectKey.of("pods", "default", "p");
    return new WaitingPod(
        key, PodRequest.read(MarketObjects.pod("p", "2")), new EventId(key.entityId(), 1));
  }

  private void offer(String node, String cpu) {
    dealer.posted(Offer.read(MarketObjects.node(node, cpu)), T0);
  }

  private void begin() {
    dealer.podWaits(pod(), T0);
    dealer.work(T0);
  }

  private void answer(String node, long liveScore) {
    dealer.answered(
        new BrokerReply.Answered(
            node, "uid-p", 1, List.of(), Map.of("NodeResourcesFit", liveScore), Optional.empty()),
        T0);
  }

  @Test
  void theBestLiveBidWinsNotTheBestInTheBook() {
    offer("a", "4");
    offer("b", "8");
    begin();
    assertThat(said).containsExactly("call b 1", "call a 1");
    answer("b", 1);
    answer("a", 90);
    assertThat(said).contains("award a").doesNotContain("award b");
    assertThat(kept).extracting(Bid::node).containsExactly("b", "a");
  }

  @Test
  void whenTheBestDeclinesTheNextBestGetsTheAward() {
    offer("a", "4");
    offer("b", "8");
    begin();
    answer("b", 50);
    answer("a", 10);
    dealer.declined(
        new BrokerReply.Declined("b", "uid-p", List.of("Insufficient cpu"), Optional.empty()), T0);
    assertThat(said).endsWith("award b", "award a");
    assertThat(kept)
        .extracting(Bid::refusals)
        .containsExactly(List.of(), List.of("Insufficient cpu"));
  }

  @Test
  void nodesThatDoNotAnswerAreNotWaitedFor() {
    offer("a", "4");
    offer("b", "8");
    begin();
    answer("a", 10);
    assertThat(dealer.due()).isEqualTo(Optional.of(T0.plusMillis(500)));
    dealer.work(T0.plusMillis(500));
    assertThat(said).endsWith("award a");
  }

  @Test
  void aPodThatTheViewShowsBoundIsStillAnnouncedWhenItsNodeAnswers() {
    offer("a", "4");
    begin();
    answer("a", 10);
    dealer.podLeft("uid-p", "a", T0);
    dealer.taken(new BrokerReply.Taken("a", "uid-p", Optional.empty()), T0);
    dealer.taken(new BrokerReply.Taken("a", "uid-p", Optional.empty()), T0);
    assertThat(said).containsExactly("call a 1", "award a", "scheduled a");
    assertThat(dealer.due()).isEmpty();
  }

  @Test
  void everyAttemptIsMeasuredOnceFromTheQueueToItsEnd() {
    begin();
    assertThat(attempts).containsExactly("UNSCHEDULABLE PT0S");
    offer("a", "4");
    Instant again = T0.plusSeconds(1);
    dealer.work(again);
    answer("a", 10);
    dealer.taken(new BrokerReply.Taken("a", "uid-p", Optional.empty()), again.plusMillis(300));
    dealer.taken(new BrokerReply.Taken("a", "uid-p", Optional.empty()), again.plusMillis(400));
    assertThat(attempts).containsExactly("UNSCHEDULABLE PT0S", "SCHEDULED PT0.3S");
  }

  @Test
  void anAwardThatIsNotAnsweredIsAnAttemptThatFailed() {
    offer("a", "4");
    begin();
    answer("a", 10);
    dealer.work(T0.plusSeconds(30));
    assertThat(attempts).containsExactly("ERROR PT30S");
  }

  @Test
  void aPodThatIsDeletedOnTheWayIsForgotten() {
    offer("a", "4");
    begin();
    dealer.podLeft("uid-p", "", T0);
    answer("a", 10);
    assertThat(said).containsExactly("call a 1");
    assertThat(dealer.due()).isEmpty();
  }

  @Test
  void refusalsOfManyNodesAreKeptUpToALimitAndCounted() {
    for (int i = 0; i < 90; i++) {
      offer("small" + i, "1");
    }
    offer("large", "4");
    begin();
    answer("large", 10);
    assertThat(kept).hasSize(1 + Diagnosis.REFUSALS_MAX + 1);
    assertThat(kept.get(0).node()).isEqualTo("large");
    assertThat(kept.get(kept.size() - 1))
        .isEqualTo(new Bid("", 0, Map.of(), List.of("90 Insufficient cpu")));
  }
}
