package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Never more given away than there is: awards of several schedulers, Binds that are late, refused
 * or of unknown outcome, deletions and restarts, in any order.
 */
class NodeAccountsPropertyTest {
  private static final int PODS = 12;

  enum What {
    AWARD,
    DELIVER,
    LEARN,
    LOSE_ANSWER,
    DELETE,
    FINISH,
    ELSEWHERE,
    RESTART,
    LOOK
  }

  record Step(What what, int pod) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(What.class), Arbitraries.integers().between(0, PODS - 1))
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  @Provide
  Arbitrary<List<Integer>> sizes() {
    return Arbitraries.integers().between(1, 4000).list().ofSize(PODS);
  }

  @Property(tries = 2000)
  void theSumOfWhatBoundPodsRequestNeverExceedsWhatTheNodeHas(
      @ForAll("steps") List<Step> steps, @ForAll("sizes") List<Integer> milliCpus) {
    World world = new World(milliCpus);
    for (Step step : steps) {
      world.take(step);
      assertThat(world.boundMilliCpu()).isLessThanOrEqualTo(4000);
      assertThat(world.boundPods()).isLessThanOrEqualTo(5);
    }
    world.settle();
    assertThat(world.accounts.promised()).isEmpty();
    assertThat(world.accounts.offer().orElseThrow().usage().requested().milliCpu())
        .isEqualTo(world.boundMilliCpu());
  }

  /** One node's broker, the pods' entities and the Binds between them. */
  private static final class World {
    private static final Offer NODE =
        Offer.read(
            Samples.json("{metadata: {name: 'n'}, status: {allocatable: {cpu: 4, pods: 5}}}"));

    private final List<PodRequest> pods = new ArrayList<>();
    private final Map<String, String> places = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private final Deque<String> onTheWay = new ArrayDeque<>();
    private final Deque<String> answered = new ArrayDeque<>();
    private final Map<String, PodRequest> promises = new HashMap<>();
    private NodeAccounts accounts = fresh();

    World(List<Integer> milliCpus) {
      for (int i = 0; i < milliCpus.size(); i++) {
        pods.add(Samples.asking("p" + i, "cpu: '" + milliCpus.get(i) + "m'"));
        places.put("uid-p" + i, "");
      }
      look();
    }

    private static NodeAccounts fresh() {
      return new NodeAccounts(new Placement(DefaultProfile.create()));
    }

    private void look() {
      List<PodRequest> bound =
          pods.stream()
              .filter(p -> "n".equals(places.get(p.uid())) && !finished.contains(p.uid()))
              .toList();
      accounts.look(Optional.of(NODE), bound);
    }

    void take(Step step) {
      PodRequest pod = pods.get(step.pod());
      switch (step.what()) {
        case AWARD -> award(pod);
        case DELIVER -> deliver();
        case LEARN -> learn();
        case LOSE_ANSWER -> loseAnswer();
        case DELETE -> places.remove(pod.uid());
        case FINISH -> finished.add(pod.uid());
        case ELSEWHERE -> places.computeIfPresent(pod.uid(), (u, at) -> at.isEmpty() ? "x" : at);
        case RESTART -> restart();
        case LOOK -> look();
      }
    }

    private void award(PodRequest pod) {
      look();
      if (accounts.promise(pod).isEmpty() && !promises.containsKey(pod.uid())) {
        promises.put(pod.uid(), pod);
        onTheWay.add(pod.uid());
      }
    }

    /** The pod's entity decides: only a pod that has no place gets one. */
    private void deliver() {
      if (!onTheWay.isEmpty()) {
        String uid = onTheWay.poll();
        places.computeIfPresent(uid, (u, at) -> at.isEmpty() ? "n" : at);
        answered.add(uid);
      }
    }

    private void learn() {
      if (!answered.isEmpty()) {
        look();
        String uid = answered.poll();
        accounts.settle(uid);
        promises.remove(uid);
      }
    }

    /** The broker does not learn the outcome: it asks again. */
    private void loseAnswer() {
      if (!answered.isEmpty()) {
        onTheWay.add(answered.poll());
      }
    }

    private void restart() {
      accounts = fresh();
      look();
      promises.values().forEach(accounts::restore);
      answered.clear();
      onTheWay.addAll(promises.keySet());
    }

    void settle() {
      while (!onTheWay.isEmpty() || !answered.isEmpty()) {
        deliver();
        learn();
      }
      look();
    }

    long boundMilliCpu() {
      return pods.stream()
          .filter(p -> "n".equals(places.get(p.uid())) && !finished.contains(p.uid()))
          .mapToLong(p -> p.requests().milliCpu())
          .sum();
    }

    long boundPods() {
      return pods.stream()
          .filter(p -> "n".equals(places.get(p.uid())) && !finished.contains(p.uid()))
          .count();
    }
  }
}
