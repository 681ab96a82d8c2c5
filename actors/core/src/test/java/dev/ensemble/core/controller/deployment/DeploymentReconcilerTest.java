package dev.ensemble.core.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Simulation;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentReconcilerTest {
  private static final String ROLLING =
      "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':'25%','maxUnavailable':'25%'}}";

  private static String progressing(Rollout rollout) {
    JsonNode condition =
        Conditions.find(rollout.deployment().path("status"), "Progressing").orElseThrow();
    return condition.path("status").asText()
        + " "
        + condition.path("reason").asText()
        + ": "
        + condition.path("message").asText();
  }

  private static String newSet(Rollout rollout) {
    return rollout.replicaSets().stream()
        .filter(set -> set.at("/spec/replicas").asInt() > 0)
        .map(set -> set.at("/metadata/name").asText())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "{0} replicas, surge {1}, unavailable {2}")
  @CsvSource({
    "4, '25%', '25%', 1, 1",
    "10, '25%', '25%', 3, 2",
    "3, '25%', '25%', 1, 0",
    "1, '0', '0%', 0, 1",
    "2, '5', '5', 5, 2",
    "0, '25%', '25%', 0, 0"
  })
  void surgeRoundsUpAndUnavailabilityDown(
      int replicas, String surge, String unavailable, int maxSurge, int maxUnavailable) {
    ObjectNode deployment =
        Simulation.json(
            """
            {'spec':{'replicas':%d,'strategy':{'type':'RollingUpdate',
              'rollingUpdate':{'maxSurge':'%s','maxUnavailable':'%s'}}}}
            """
                .formatted(replicas, surge, unavailable));
    DeploymentSpec spec = DeploymentSpec.of(deployment);
    assertThat(List.of(spec.maxSurge(), spec.maxUnavailable()))
        .containsExactly(maxSurge, maxUnavailable);
  }

  @Test
  void aRolloutThatGetsNowhereExceedsItsDeadlineAndRecovers() {
    Rollout rollout = new Rollout(2, ROLLING);
    rollout.settle();
    assertThat(progressing(rollout))
        .isEqualTo(
            "True NewReplicaSetAvailable: ReplicaSet \"%s\" has successfully progressed."
                .formatted(newSet(rollout)));
    rollout.image("broken:1");
    rollout.settle();
    assertThat(progressing(rollout)).startsWith("True ReplicaSetUpdated: ");
    Duration again = rollout.planDeployment().again().orElseThrow();
    rollout.world.now = rollout.world.now.plus(again);
    rollout.settle();
    assertThat(progressing(rollout))
        .startsWith("False ProgressDeadlineExceeded: ")
        .endsWith(" has timed out progressing.");
    assertThat(rollout.planDeployment().again()).isEmpty();
    rollout.image("shop:3");
    rollout.settle();
    assertThat(progressing(rollout)).startsWith("True NewReplicaSetAvailable: ");
  }

  @Test
  void aPausedDeploymentScalesButDoesNotRollOut() {
    Rollout rollout = new Rollout(2, ROLLING);
    rollout.settle();
    rollout.edit("{'spec':{'paused':true,'replicas':3}}");
    rollout.image("shop:2");
    rollout.settle();
    assertThat(rollout.images()).isEqualTo(Collections.nCopies(3, "shop:1"));
    assertThat(progressing(rollout)).isEqualTo("Unknown DeploymentPaused: Deployment is paused");
    rollout.edit("{'spec':{'paused':false}}");
    rollout.world.apply(rollout.planDeployment().actions());
    assertThat(progressing(rollout)).startsWith("True NewReplicaSetCreated: ");
    rollout.settle();
    assertThat(rollout.images()).isEqualTo(Collections.nCopies(3, "shop:2"));
  }

  @Test
  void historyIsKeptUpToItsLimitAndUndoingTakesTheNextRevision() {
    Rollout rollout = new Rollout(1, ROLLING);
    for (int version = 1; version <= 5; version++) {
      rollout.image("shop:" + version);
      rollout.settle();
    }
    rollout.image("shop:4");
    rollout.settle();
    // Two old ones are kept (revisionHistoryLimit), and the one in use.
    assertThat(rollout.replicaSets())
        .extracting(
            set ->
                set.at("/spec/template/spec/containers/0/image").asText()
                    + " is revision "
                    + Revisions.of(annotations(set))
                    + " after ["
                    + annotations(set).getOrDefault(Revisions.HISTORY, "")
                    + "]")
        .containsExactlyInAnyOrder(
            "shop:3 is revision 3 after []",
            "shop:4 is revision 6 after [4]",
            "shop:5 is revision 5 after []");
    assertThat(Revisions.of(annotations(rollout.deployment()))).isEqualTo(6);
  }

  private static Map<String, String> annotations(ObjectNode object) {
    return ObjectFacts.texts(object.at("/metadata/annotations"));
  }

  @Test
  void scalingDuringARolloutGivesEachReplicaSetItsShare() {
    Rollout rollout =
        new Rollout(
            10, "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':3,'maxUnavailable':2}}");
    rollout.settle();
    rollout.image("broken:1");
    rollout.settle();
    assertThat(sizes(rollout)).containsExactlyInAnyOrder(8, 5);
    rollout.edit("{'spec':{'replicas':15}}");
    rollout.world.apply(rollout.planDeployment().actions());
    assertThat(sizes(rollout)).containsExactlyInAnyOrder(11, 7);
  }

  private static List<Integer> sizes(Rollout rollout) {
    return rollout.replicaSets().stream().map(set -> set.at("/spec/replicas").asInt()).toList();
  }

  @Test
  void aTakenNameCountsAsACollisionAndTheNextHashIsTaken() {
    Rollout rollout = new Rollout(1, ROLLING);
    String first = "web-" + TemplateHash.of(rollout.deployment().at("/spec/template"), 0);
    rollout.world.create(
        ReplicaSetReconciler.REPLICA_SETS,
        Simulation.json(
            """
            {'apiVersion':'apps/v1','kind':'ReplicaSet',
             'metadata':{'name':'%s','namespace':'shop'},
             'spec':{'replicas':0,'selector':{'matchLabels':{'app':'x'}},'template':{}}}
            """
                .formatted(first)));
    rollout.settle();
    assertThat(rollout.deployment().at("/status/collisionCount").asInt()).isEqualTo(1);
    assertThat(newSet(rollout))
        .isEqualTo("web-" + TemplateHash.of(rollout.deployment().at("/spec/template"), 1));
  }
}
