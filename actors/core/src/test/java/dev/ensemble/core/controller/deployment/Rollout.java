package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Simulation;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import dev.ensemble.core.controller.replicaset.ReplicaSetView;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A simulated cluster with one Deployment: its passes, its ReplicaSets' passes, its nodes. */
final class Rollout {
  static final ObjectKey WEB = new ObjectKey(DeploymentReconciler.DEPLOYMENTS, "shop", "web");
  final Simulation world = new Simulation();

  Rollout(int replicas, String strategy) {
    world.create(
        DeploymentReconciler.DEPLOYMENTS,
        Simulation.json(
            """
            {'apiVersion':'apps/v1','kind':'Deployment',
             'metadata':{'name':'web','namespace':'shop','generation':1},
             'spec':{'replicas':%d,'progressDeadlineSeconds':600,'revisionHistoryLimit':2,
               'strategy':%s,
               'selector':{'matchLabels':{'app':'web'}},
               'template':{'metadata':{'labels':{'app':'web'}},
                 'spec':{'containers':[{'name':'c','image':'shop:1'}]}}}}
            """
                .formatted(replicas, strategy)));
  }

  ObjectNode deployment() {
    return world.get(WEB).orElseThrow();
  }

  void edit(String patch) {
    ObjectNode merged = Simulation.json(patch);
    merged
        .withObject("/metadata")
        .put("generation", deployment().path("metadata").path("generation").asInt() + 1);
    world.command(WEB, new ObjectCommand.Amend(Optional.empty(), merged));
  }

  void image(String image) {
    edit(
        "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'%s'}]}}}}"
            .formatted(image));
  }

  Plan planDeployment() {
    List<ReplicaSetFacts> sets =
        world.all(ReplicaSetReconciler.REPLICA_SETS).stream().map(ReplicaSetFacts::of).toList();
    Map<String, DeploymentView.PodCount> counts = new HashMap<>();
    for (PodFacts pod : world.pods()) {
      pod.meta()
          .controller()
          .ifPresent(
              ref ->
                  counts.put(
                      ref.uid(),
                      counts.getOrDefault(ref.uid(), DeploymentView.PodCount.NONE).and(pod)));
    }
    Set<String> names = sets.stream().map(set -> set.meta().name()).collect(Collectors.toSet());
    return DeploymentReconciler.reconcile(
        new DeploymentView(deployment(), sets, names, counts, Optional.empty()), world.now);
  }

  Plan planReplicaSet(ObjectNode set) {
    return ReplicaSetReconciler.reconcile(
        new ReplicaSetView(set, world.pods(), Map.of(), Optional.empty()), world.now);
  }

  List<ObjectNode> replicaSets() {
    return world.all(ReplicaSetReconciler.REPLICA_SETS);
  }

  /** Places a pod, then makes it ready, or ends it: one step for one pod. */
  void runPod(ObjectNode json) {
    PodFacts pod = PodFacts.of(json);
    String uid = pod.meta().uid();
    if (pod.meta().deleting().isPresent()) {
      world.command(pod.meta().key(), new ObjectCommand.ConfirmRemoved(uid));
    } else if (pod.node().isEmpty()) {
      world.command(
          pod.meta().key(),
          new ObjectCommand.Bind(
              Optional.of(uid), "node-" + pod.meta().name().hashCode(), List.<Bid>of()));
    } else {
      boolean broken = json.toString().contains("broken");
      report(pod.meta(), broken ? "False" : "True");
    }
  }

  void report(ObjectFacts pod, String ready) {
    ObjectNode before = world.get(pod.key()).orElseThrow();
    if (Conditions.find(before.path("status"), "Ready")
        .filter(found -> found.path("status").asText().equals(ready))
        .isPresent()) {
      return;
    }
    world.command(
        pod.key(),
        new ObjectCommand.ReportStatus(
            Optional.of(pod.uid()),
            Simulation.json(
                """
                {'phase':'Running','conditions':[
                  {'type':'Ready','status':'%s','lastTransitionTime':'%s'}]}
                """
                    .formatted(ready, world.now))));
  }

  /** Passes and pods until nothing changes any more. */
  void settle() {
    for (int round = 0; round < 300; round++) {
      world.now = world.now.plusSeconds(1);
      List<Action> actions = planDeployment().actions();
      world.apply(actions);
      int count = actions.size();
      for (ObjectNode set : replicaSets()) {
        List<Action> more = planReplicaSet(set).actions();
        world.apply(more);
        count += more.size();
      }
      int before = world.pods().hashCode();
      world.all(PodFacts.PODS).forEach(this::runPod);
      if (count == 0 && before == world.pods().hashCode()) {
        return;
      }
    }
    throw new AssertionError("does not settle:\n" + planDeployment());
  }

  List<PodFacts> active() {
    return world.pods().stream().filter(PodFacts::active).toList();
  }

  long available() {
    return active().stream().filter(PodFacts::ready).count();
  }

  /** Images of the pods that count. */
  List<String> images() {
    return world.all(PodFacts.PODS).stream()
        .filter(pod -> PodFacts.of(pod).active())
        .map(pod -> pod.at("/spec/containers/0/image").asText())
        .sorted()
        .toList();
  }
}
