package dev.ensemble.actors.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.actors.market.MarketObjects;
import dev.ensemble.actors.node.BrokerReply;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.Diagnosis;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Usage;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import dev.ensemble.persistence.format.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DealerTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final List<String> said = new ArrayList<>();
  private final List<String> attempts = new ArrayList<>();
  private List<Bid> kept = List.of();
  private final Dealer dealer =
      new Dealer(
          SchedulerSettings.standard(),
          DefaultProfile.create(),
          new NoSurroundings(),
          new Listening());

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
    public void unschedulable(WaitingPod pod, String message, Optional<String> nominated) {
      said.add("unschedulable" + nominated.map(node -> " for now on " + node).orElse(""));
    }

    @Override
    public void preempt(WaitingPod pod, String node, List<PodRequest> victims) {
      said.add("preempt on " + node + " " + victims.stream().map(PodRequest::name).toList());
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
  void theRoomThatIsKeptForAPodDoesNotStandInItsOwnWayWhenItIsExplained() {
    offer("a", "3");
    begin();
    PodRequest other = PodRequest.read(MarketObjects.pod("other", "2"));
    assertThat(dealer.explain(other, "a").possible()).isFalse();
    assertThat(dealer.explain(pod().request(), "a").possible()).isTrue();
    assertThat(dealer.explain(other, "a").possible()).as("the room is kept on").isFalse();
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

  private static PodRequest placed(String name, String node, int priority, String meta) {
    return PodRequest.read(
        MarketObjects.json(
            """
            {metadata: {uid: 'uid-%1$s', namespace: 'default', name: '%1$s'%4$s},
             spec: {nodeName: '%2$s', priority: %3$d,
               containers: [{name: 'c', image: 'i', resources: {requests: {cpu: '4'}}}]}}\
            """
                .formatted(name, node, priority, meta)));
  }

  private static WaitingPod important(String name) {
    return wanting(name, "2", 10);
  }

  private static WaitingPod wanting(String name, String cpu, int priority) {
    ObjectKey key = ObjectKey.of("pods", "default", name);
    String spec = "schedulerName: 'default-scheduler', priority: " + priority;
    return new WaitingPod(
        key, PodRequest.read(MarketObjects.pod(name, cpu, spec)), new EventId(key.entityId(), 1));
  }

  private void offerFullOf(PodRequest pod) {
    Offer offer = Offer.read(MarketObjects.node(pod.nodeName(), "4"));
    dealer.posted(offer.with(Usage.of(List.of(pod)), Set.of()), T0);
    dealer.podPlaced(pod, T0);
  }

  @Test
  void aPodOfHigherPriorityGetsTheRoomOfOthersAndNobodyElseTakesItMeanwhile() {
    PodRequest victim = placed("victim", "a", 0, "");
    offerFullOf(victim);
    dealer.podWaits(important("first"), T0);
    dealer.work(T0);
    assertThat(said).containsExactly("preempt on a [victim]", "unschedulable for now on a");
    said.clear();
    dealer.podPlaced(placed("victim", "a", 0, ", deletionTimestamp: '2026-01-01T00:00:00Z'"), T0);
    dealer.podWaits(pod(), T0);
    dealer.work(T0);
    assertThat(said).containsExactly("unschedulable");
    said.clear();
    dealer.podGone(victim.uid(), T0);
    offer("a", "2");
    dealer.work(T0.plusSeconds(2));
    assertThat(said).containsExactly("call a 1", "unschedulable");
  }

  @Test
  void aPodThatWaitsForItsVictimsEndsNoMore() {
    offerFullOf(placed("one", "a", 0, ""));
    offerFullOf(placed("two", "b", 0, ""));
    dealer.podWaits(important("first"), T0);
    dealer.work(T0);
    assertThat(said).hasSize(2);
    String ended = said.get(0).contains("one") ? "one" : "two";
    String node = ended.equals("one") ? "a" : "b";
    said.clear();
    dealer.podPlaced(placed(ended, node, 0, ", deletionTimestamp: '2026-01-01T00:00:00Z'"), T0);
    offer("c", "1");
    dealer.work(T0.plusSeconds(2));
    assertThat(said).containsExactly("unschedulable for now on " + node);
  }

  @Test
  void aClaimGivesWayToAPodOfHigherPriority() {
    PodRequest victim = placed("victim", "a", 0, "");
    offerFullOf(victim);
    dealer.podWaits(important("first"), T0);
    dealer.work(T0);
    said.clear();
    dealer.podWaits(wanting("top", "4", 20), T0);
    dealer.work(T0);
    assertThat(said).containsExactly("preempt on a [victim]", "unschedulable for now on a");
    said.clear();
    dealer.work(T0.plusSeconds(1));
    assertThat(said).as("the first one's claim is gone").contains("unschedulable");
    said.clear();
    dealer.podGone(victim.uid(), T0.plusSeconds(2));
    dealer.posted(Offer.read(MarketObjects.node("a", "4")), T0.plusSeconds(2));
    dealer.work(T0.plusSeconds(9));
    assertThat(said).contains("call a 1", "unschedulable");
  }
}
