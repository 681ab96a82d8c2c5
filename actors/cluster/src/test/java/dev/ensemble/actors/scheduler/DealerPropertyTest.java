package dev.ensemble.actors.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.actors.market.MarketObjects;
import dev.ensemble.actors.node.BrokerReply;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.NodeAccounts;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Profile;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import dev.ensemble.persistence.format.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Two schedulers and a few nodes on a network that loses, repeats and reorders messages: no node is
 * overcommitted, and in the end every pod for which there is room has a place.
 */
class DealerPropertyTest {
  private static final int NODES = 4;
  private static final int PODS = 14;

  @Property(tries = 150)
  void noNodeIsOvercommittedAndNoPodIsForgotten(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 40) int lossPercent) {
    World world = new World(seed, lossPercent);
    world.start();
    for (int i = 0; i < 600; i++) {
      world.step();
      world.checkNoOvercommit();
    }
    world.lossPercent = 0;
    for (int i = 0; i < 4000 && world.places.size() < PODS; i++) {
      world.step();
      world.checkNoOvercommit();
    }
    assertThat(world.places).hasSize(PODS);
  }

  /** What is on the way, and who gets it. */
  private record Letter(Runnable delivery, String about) {}

  private static final class World {
    private final Profile profile = DefaultProfile.create();
    private final Random random;
    private int lossPercent;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<Letter> network = new ArrayList<>();
    private final Map<String, WaitingPod> pods = new TreeMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Map<String, NodeAccounts> brokers = new TreeMap<>();
    private final Map<String, Offer> nodes = new HashMap<>();
    private final List<Dealer> dealers = new ArrayList<>();

    World(long seed, int lossPercent) {
      this.random = new Random(seed);
      this.lossPercent = lossPercent;
    }

    void start() {
      for (int i = 0; i < NODES; i++) {
        Offer offer = Offer.read(MarketObjects.node("n" + i, "4"));
        nodes.put(offer.node(), offer);
        brokers.put(offer.node(), new NodeAccounts(new Placement(profile)));
        look(offer.node());
      }
      dealers.add(dealer());
      dealers.add(dealer());
      for (int i = 0; i < PODS; i++) {
        ObjectKey key = ObjectKey.of("pods", "default", "p" + i);
        PodRequest request = PodRequest.read(MarketObjects.pod("p" + i, "1"));
        WaitingPod pod = new WaitingPod(key, request, new EventId(key.entityId(), 1));
        pods.put(pod.uid(), pod);
        dealers.get(i % 2).podWaits(pod, now);
      }
    }

    private Dealer dealer() {
      Floor[] floor = new Floor[1];
      Dealer[] self = new Dealer[1];
      floor[0] = new NetworkFloor(self);
      self[0] = new Dealer(SchedulerSettings.standard(), profile, new NoSurroundings(), floor[0]);
      return self[0];
    }

    private final class NetworkFloor implements Floor {
      private final Dealer[] self;

      NetworkFloor(Dealer[] self) {
        this.self = self;
      }

      @Override
      public void callForBid(String node, PodRequest pod, int round) {
        send("call", () -> bid(self[0], node, pod, round));
      }

      @Override
      public void award(String node, WaitingPod pod, List<Bid> bids) {
        assertThat(bids).hasSizeLessThanOrEqualTo(NODES);
        send("award", () -> awarded(self[0], node, pod));
      }

      @Override
      public void scheduled(WaitingPod pod, String node) {
        assertThat(places).containsEntry(pod.uid(), node);
      }

      @Override
      public void attempted(Attempt attempt, Duration took) {
        assertThat(took.isNegative()).isFalse();
      }

      @Override
      public void unschedulable(WaitingPod pod, String message, Optional<String> nominated) {
        assertThat(message).isNotEmpty();
      }

      @Override
      public void preempt(WaitingPod pod, String node, List<PodRequest> victims) {
        throw new AssertionError("all pods have the same priority");
      }
    }

    private void send(String about, Runnable delivery) {
      if (random.nextInt(100) >= lossPercent) {
        network.add(new Letter(delivery, about));
        if (random.nextInt(100) < lossPercent / 4) {
          network.add(new Letter(delivery, about));
        }
      }
    }

    private void bid(Dealer dealer, String node, PodRequest pod, int round) {
      look(node);
      NodeAccounts accounts = brokers.get(node);
      List<String> refusals = accounts.judge(pod).map(Refusal::reasons).orElse(List.of());
      BrokerReply.Answered answer =
          new BrokerReply.Answered(
              node, pod.uid(), round, refusals, accounts.ownScores(pod), accounts.offer());
      send("bid", () -> dealer.answered(answer, now));
    }

    private void awarded(Dealer dealer, String node, WaitingPod pod) {
      look(node);
      NodeAccounts accounts = brokers.get(node);
      if (node.equals(places.get(pod.uid()))) {
        taken(dealer, node, pod);
        return;
      }
      Optional<Refusal> refusal = accounts.promise(pod.request());
      if (refusal.isPresent() || places.containsKey(pod.uid())) {
        accounts.settle(pod.uid());
        BrokerReply.Declined declined =
            new BrokerReply.Declined(node, pod.uid(), List.of("no"), accounts.offer());
        send("declined", () -> dealer.declined(declined, now));
        return;
      }
      network.add(
          new Letter(
              () -> {
                places.putIfAbsent(pod.uid(), node);
                look(node);
                accounts.settle(pod.uid());
                if (places.get(pod.uid()).equals(node)) {
                  taken(dealer, node, pod);
                }
              },
              "bind"));
    }

    private void taken(Dealer dealer, String node, WaitingPod pod) {
      BrokerReply.Taken taken = new BrokerReply.Taken(node, pod.uid(), brokers.get(node).offer());
      send("taken", () -> dealer.taken(taken, now));
      dealers.forEach(d -> network.add(new Letter(() -> d.podLeft(pod.uid(), node, now), "view")));
    }

    private void look(String node) {
      List<PodRequest> bound =
          places.entrySet().stream()
              .filter(e -> e.getValue().equals(node))
              .map(e -> pods.get(e.getKey()).request())
              .toList();
      brokers.get(node).look(Optional.of(nodes.get(node)), bound);
    }

    void step() {
      if (!network.isEmpty() && random.nextInt(10) > 0) {
        network.remove(random.nextInt(network.size())).delivery().run();
      } else {
        now = now.plusMillis(random.nextInt(400));
        String node = "n" + random.nextInt(NODES);
        look(node);
        Offer offer = brokers.get(node).offer().orElseThrow();
        Dealer dealer = dealers.get(random.nextInt(2));
        send("offer", () -> dealer.posted(offer, now));
      }
      dealers.forEach(dealer -> dealer.work(now));
    }

    void checkNoOvercommit() {
      Map<String, Integer> counts = new HashMap<>();
      places.values().forEach(node -> counts.merge(node, 1, Integer::sum));
      assertThat(counts.values()).allMatch(count -> count <= 4);
    }
  }
}
