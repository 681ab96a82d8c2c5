package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Announcement;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.ObjectFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Deployment's ReplicaSets as they will be when the actions collected so far are done. Lives for
 * one pass.
 */
final class Fleet {
  static final String COMPONENT = "deployment-controller";

  private final ObjectFacts deployment;
  private final DeploymentSpec spec;
  private final List<Action> actions;
  private Optional<ReplicaSetFacts> newSet;
  private final List<ReplicaSetFacts> old;

  Fleet(
      ObjectFacts deployment,
      DeploymentSpec spec,
      List<ReplicaSetFacts> sets,
      List<Action> actions) {
    this.deployment = deployment;
    this.spec = spec;
    this.actions = actions;
    newSet =
        sets.stream()
            .sorted(ReplicaSetFacts.OLDEST_FIRST)
            .filter(set -> TemplateHash.sameTemplate(set.template(), spec.template()))
            .findFirst();
    old = new ArrayList<>(sets);
    newSet.ifPresent(old::remove);
    old.sort(ReplicaSetFacts.OLDEST_FIRST);
  }

  Optional<ReplicaSetFacts> newSet() {
    return newSet;
  }

  /** Oldest first. */
  List<ReplicaSetFacts> old() {
    return List.copyOf(old);
  }

  List<ReplicaSetFacts> all() {
    List<ReplicaSetFacts> all = new ArrayList<>(old);
    newSet.ifPresent(all::add);
    return all;
  }

  List<ReplicaSetFacts> active() {
    return all().stream().filter(ReplicaSetFacts::active).toList();
  }

  int wanted() {
    return sum(all());
  }

  int wantedOld() {
    return sum(old);
  }

  private static int sum(List<ReplicaSetFacts> sets) {
    return sets.stream().mapToInt(ReplicaSetFacts::replicas).sum();
  }

  void joinNew(ReplicaSetFacts created) {
    newSet = Optional.of(created);
  }

  /** Sets a ReplicaSet's size, with the annotations that go with it, and tells it. */
  boolean scale(ReplicaSetFacts set, int replicas) {
    ObjectNode annotations = Revisions.patch(set.meta().annotations(), Revisions.sizes(spec));
    if (!annotations.isEmpty()) {
      actions.add(new Action.Amend(set.meta().key(), set.meta().uid(), annotations));
    }
    if (set.replicas() == replicas) {
      return false;
    }
    String way = replicas > set.replicas() ? "up" : "down";
    String message =
        "Scaled %s replica set %s from %d to %d"
            .formatted(way, set.meta().name(), set.replicas(), replicas);
    actions.add(
        new Action.Scale(
            set.meta().key(), set.meta().uid(), replicas, Optional.of(announcement(message))));
    ReplicaSetFacts scaled = set.withReplicas(replicas);
    if (newSet.filter(set::equals).isPresent()) {
      newSet = Optional.of(scaled);
    } else {
      old.set(old.indexOf(set), scaled);
    }
    return true;
  }

  Announcement announcement(String success) {
    return new Announcement(
        Note.normal(deployment.reference(), "ScalingReplicaSet", success, COMPONENT),
        Note.warning(
            deployment.reference(),
            "ReplicaSetUpdateError",
            "Error scaling replica set: {error}",
            COMPONENT));
  }
}
