package dev.ensemble.core.controller.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.Simulation;
import dev.ensemble.core.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReplicaSetReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final OwnerRef MINE =
      new OwnerRef("apps/v1", "ReplicaSet", "web", "rs-1", true, true);
  private static final OwnerRef OTHERS =
      new OwnerRef("apps/v1", "ReplicaSet", "db", "rs-2", true, true);

  private static ObjectNode set(int replicas) {
    return Simulation.json(
        """
        {'apiVersion':'apps/v1','kind':'ReplicaSet',
         'metadata':{'name':'web','namespace':'shop','uid':'rs-1','generation':1},
         'spec':{'replicas':%d,'minReadySeconds':10,'selector':{'matchLabels':{'app':'web'}},
           'template':{'metadata':{'labels':{'app':'web'},'annotations':{'a':'b'}},
             'spec':{'containers':[{'name':'c','image':'shop:1'}]}}}}
        """
            .formatted(replicas));
  }

  /** A pod that would be the last to go. */
  private static ObjectNode pod(String name, Optional<OwnerRef> owner) {
    ObjectNode pod =
        Simulation.json(
            """
            {'apiVersion':'v1','kind':'Pod',
             'metadata':{'name':'%s','namespace':'shop','uid':'%s','labels':{'app':'web'},
               'creationTimestamp':'2026-01-01T00:00:00Z'},
             'spec':{'nodeName':'n-%s'},
             'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True',
               'lastTransitionTime':'2026-01-01T01:00:00Z'}]}}
            """
                .formatted(name, name, name));
    owner.ifPresent(ref -> pod.withObject("/metadata").putArray("ownerReferences").add(ref.json()));
    return pod;
  }

  private static ObjectNode mine(String name) {
    return pod(name, Optional.of(MINE));
  }

  private static ObjectNode costing(ObjectNode pod, String cost) {
    pod.withObject("/metadata/annotations").put("controller.kubernetes.io/pod-deletion-cost", cost);
    return pod;
  }

  private static Plan reconcile(ObjectNode set, List<ObjectNode> pods) {
    return ReplicaSetReconciler.reconcile(
        new ReplicaSetView(
            set, pods.stream().map(PodFacts::of).toList(), Map.of(), Optional.empty()),
        NOW);
  }

  private static List<String> deleted(Plan plan) {
    return plan.actions().stream()
        .filter(Action.Delete.class::isInstance)
        .map(action -> ((Action.Delete) action).key().name())
        .toList();
  }

  @Test
  void thePodLeastMissedGoesFirst() {
    ObjectNode unassigned = mine("unassigned");
    unassigned.withObject("/spec").remove("nodeName");
    ObjectNode pending = mine("pending");
    pending.withObject("/status").put("phase", "Pending");
    ObjectNode unready = mine("unready");
    unready.withObject("/status").remove("conditions");
    ObjectNode cheap = costing(mine("cheap"), "-5");
    ObjectNode crowded = mine("crowded");
    crowded.withObject("/spec").put("nodeName", "full");
    ObjectNode dear = costing(mine("dear"), "5");
    dear.withObject("/spec").put("nodeName", "full");
    ObjectNode fresh = mine("fresh");
    ((ObjectNode) fresh.at("/status/conditions/0"))
        .put("lastTransitionTime", "2026-01-01T11:59:00Z");
    ObjectNode restarted = mine("restarted");
    restarted
        .withObject("/status")
        .putArray("containerStatuses")
        .addObject()
        .put("restartCount", 3);
    ObjectNode young = mine("young");
    young.withObject("/metadata").put("creationTimestamp", "2026-01-01T11:00:00Z");
    List<ObjectNode> inOrder =
        List.of(
            unassigned,
            pending,
            unready,
            cheap,
            crowded,
            fresh,
            restarted,
            young,
            mine("old"),
            dear);
    List<ObjectNode> shuffled = new ArrayList<>(inOrder);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(deleted(reconcile(set(0), shuffled)))
        .containsExactlyElementsOf(
            inOrder.stream().map(pod -> pod.at("/metadata/name").asText()).toList());
  }

  @Test
  void theStatusCountsWhatIsThere() {
    ObjectNode justReady = mine("just-ready");
    ((ObjectNode) justReady.at("/status/conditions/0"))
        .put("lastTransitionTime", "2026-01-01T11:59:54Z");
    ObjectNode going = mine("going");
    going.withObject("/metadata").put("deletionTimestamp", "2026-01-01T12:00:10Z");
    ObjectNode finished = mine("finished");
    finished.withObject("/status").put("phase", "Failed");
    Plan plan = reconcile(set(2), List.of(mine("old"), justReady, going, finished));
    assertThat(plan.actions())
        .containsExactly(
            new Action.ReportStatus(
                new ObjectKey(ReplicaSetReconciler.REPLICA_SETS, "shop", "web"),
                "rs-1",
                Simulation.json(
                    """
                    {'replicas':2,'fullyLabeledReplicas':2,'readyReplicas':2,
                     'availableReplicas':1,'terminatingReplicas':1,'observedGeneration':1}
                    """)));
    assertThat(plan.again()).contains(Duration.ofSeconds(4));
  }

  @Test
  void whatCannotBeMadeIsReportedAndNotTriedBeforeItsTime() {
    Setback setback =
        new Setback(Setback.Attempt.CREATE, "exceeded quota", NOW, NOW.plusSeconds(8));
    Plan plan =
        ReplicaSetReconciler.reconcile(
            new ReplicaSetView(set(1), List.of(), Map.of(), Optional.of(setback)), NOW);
    assertThat(plan.again()).contains(Duration.ofSeconds(8));
    assertThat(plan.actions()).hasSize(1);
    assertThat(((Action.ReportStatus) plan.actions().get(0)).status().at("/conditions/0"))
        .isEqualTo(
            Simulation.json(
                """
                {'type':'ReplicaFailure','status':'True','reason':'FailedCreate',
                 'message':'exceeded quota','lastTransitionTime':'2026-01-01T12:00:00Z'}
                """));
  }

  @Property(tries = 200)
  void aPodWithAnotherControllerIsNeverTouched(@ForAll long seed) {
    Random random = new Random(seed);
    List<ObjectNode> pods = new ArrayList<>();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      Optional<OwnerRef> owner =
          switch (random.nextInt(3)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(MINE);
            default -> Optional.of(OTHERS);
          };
      ObjectNode pod = pod("p" + i, owner);
      if (random.nextInt(3) == 0) {
        pod.withObject("/metadata/labels").put("app", "other");
      }
      if (random.nextInt(4) == 0) {
        pod.withObject("/metadata").put("deletionTimestamp", "2026-01-01T12:00:10Z");
      }
      pods.add(pod);
    }
    int replicas = random.nextInt(8);
    Plan plan = reconcile(set(replicas), pods);
    Collections.shuffle(pods, random);
    assertThat(reconcile(set(replicas), pods)).isEqualTo(plan);
    List<String> touched = new ArrayList<>(deleted(plan));
    plan.actions().stream()
        .filter(Action.Edit.class::isInstance)
        .forEach(action -> touched.add(((Action.Edit) action).key().name()));
    assertThat(
            pods.stream()
                .map(PodFacts::of)
                .filter(pod -> pod.meta().controlledBy("rs-2"))
                .map(pod -> pod.meta().name()))
        .noneMatch(touched::contains);
  }
}
