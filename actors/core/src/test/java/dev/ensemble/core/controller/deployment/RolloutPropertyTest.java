package dev.ensemble.core.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.PodFacts;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RolloutPropertyTest {
  private static final String ROLLING =
      "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':%d,'maxUnavailable':%d}}";

  /** Whatever the order of passes, and even when a template never gets ready. */
  @Property(tries = 150)
  void aRolloutStaysWithinMaxSurgeAndMaxUnavailable(
      @ForAll @IntRange(min = 1, max = 8) int replicas,
      @ForAll @IntRange(min = 0, max = 3) int surge,
      @ForAll @IntRange(min = 0, max = 3) int unavailable,
      @ForAll long seed) {
    Rollout rollout = new Rollout(replicas, ROLLING.formatted(surge, unavailable));
    rollout.settle();
    int effective = surge == 0 && unavailable == 0 ? 1 : Math.min(unavailable, replicas);
    Random random = new Random(seed);
    int version = 2;
    for (int step = 0; step < 120; step++) {
      if (random.nextInt(25) == 0) {
        String broken = random.nextInt(3) == 0 ? "broken:" : "shop:";
        rollout.image(broken + version++);
      }
      oneStep(rollout, random);
      assertThat(rollout.active()).hasSizeLessThanOrEqualTo(replicas + surge);
      assertThat(rollout.available()).isGreaterThanOrEqualTo(replicas - effective);
    }
    rollout.image("shop:last");
    rollout.settle();
    assertThat(rollout.images()).isEqualTo(Collections.nCopies(replicas, "shop:last"));
    assertThat(rollout.planDeployment().actions()).isEmpty();
  }

  @Property(tries = 60)
  void recreateNeverRunsTwoTemplatesAtATime(
      @ForAll @IntRange(min = 1, max = 6) int replicas, @ForAll long seed) {
    Rollout rollout = new Rollout(replicas, "{'type':'Recreate'}");
    rollout.settle();
    Random random = new Random(seed);
    for (int step = 0; step < 100; step++) {
      if (random.nextInt(30) == 0) {
        rollout.image("shop:" + step);
      }
      oneStep(rollout, random);
      assertThat(
              rollout.world.all(PodFacts.PODS).stream()
                  .map(pod -> pod.at("/spec/containers/0/image").asText())
                  .collect(Collectors.toSet()))
          .hasSizeLessThanOrEqualTo(1);
    }
    rollout.settle();
    assertThat(rollout.images()).hasSize(replicas);
  }

  @Property(tries = 60)
  void scalingInTheMiddleOfARolloutConverges(
      @ForAll @IntRange(min = 0, max = 9) int replicas, @ForAll long seed) {
    Rollout rollout = new Rollout(5, ROLLING.formatted(2, 1));
    rollout.settle();
    Random random = new Random(seed);
    rollout.image("shop:2");
    for (int step = 0; step < 60; step++) {
      if (random.nextInt(20) == 0) {
        rollout.edit("{'spec':{'replicas':" + random.nextInt(10) + "}}");
      }
      oneStep(rollout, random);
    }
    rollout.edit("{'spec':{'replicas':" + replicas + "}}");
    rollout.settle();
    assertThat(rollout.images()).isEqualTo(Collections.nCopies(replicas, "shop:2"));
  }

  private static void oneStep(Rollout rollout, Random random) {
    rollout.world.now = rollout.world.now.plusSeconds(random.nextInt(3));
    List<ObjectNode> sets = rollout.replicaSets();
    List<ObjectNode> pods = rollout.world.all(PodFacts.PODS);
    int choice = random.nextInt(10);
    if (choice < 3) {
      var plan = rollout.planDeployment();
      assertThat(rollout.planDeployment()).isEqualTo(plan);
      rollout.world.apply(plan.actions());
    } else if (choice < 7 && !sets.isEmpty()) {
      rollout.world.apply(rollout.planReplicaSet(sets.get(random.nextInt(sets.size()))).actions());
    } else if (!pods.isEmpty()) {
      rollout.runPod(pods.get(random.nextInt(pods.size())));
    }
  }
}
