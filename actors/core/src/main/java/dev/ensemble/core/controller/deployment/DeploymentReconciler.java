package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Claim;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.Selection;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Moves a Deployment's pods to its template, one step a pass, and says how it stands. */
public final class DeploymentReconciler {
  public static final ResourceName DEPLOYMENTS = new ResourceName("apps", "deployments");
  public static final String COMPONENT = Fleet.COMPONENT;

  private final DeploymentView view;
  private final Instant now;
  private final ObjectFacts self;
  private final DeploymentSpec spec;
  private final JsonNode before;
  private final Conditions conditions;
  private final Progress progress;
  private final List<Action> actions = new ArrayList<>();
  private long collisions;
  private long revision;

  private DeploymentReconciler(DeploymentView view, Instant now) {
    this.view = view;
    this.now = now;
    self = ObjectFacts.of(DEPLOYMENTS, view.deployment());
    spec = DeploymentSpec.of(view.deployment());
    before = view.deployment().path("status");
    conditions = Conditions.of(before);
    progress = new Progress(conditions, spec, now);
    collisions = before.path("collisionCount").asLong();
    revision = Revisions.of(self.annotations());
  }

  public static Plan reconcile(DeploymentView view, Instant now) {
    return new DeploymentReconciler(view, now).plan();
  }

  private Plan plan() {
    Selection selection = Selection.ofLabelSelector(spec.selector());
    if (selection.selectsEverything()) {
      return selectingAll();
    }
    Fleet fleet = new Fleet(self, spec, claim(selection), actions);
    if (self.deleting().isPresent()) {
      return reported(fleet, Optional.empty());
    }
    progress.pausedOrResumed();
    syncNewSet(fleet);
    boolean rollout = false;
    if (spec.paused() || Scaling.needed(fleet, spec)) {
      Scaling.scale(fleet, spec, before.path("replicas").asInt());
      if (spec.paused()) {
        cleanUpHistory(fleet);
      }
    } else {
      rollout = true;
      rollOut(fleet);
      if (progress.complete(before)
          && before.path("observedGeneration").asLong() >= self.generation()) {
        cleanUpHistory(fleet);
      }
    }
    Optional<Duration> retry =
        view.setback()
            .filter(back -> now.isBefore(back.retryAt()))
            .map(back -> Duration.between(now, back.retryAt()));
    return rollout ? reportedRollout(fleet, retry) : reported(fleet, retry);
  }

  private Plan selectingAll() {
    if (before.path("observedGeneration").asLong() >= self.generation()) {
      return Plan.NOTHING;
    }
    ObjectNode status = before.isObject() ? before.deepCopy() : object();
    status.put("observedGeneration", (int) self.generation());
    return Plan.of(
        List.of(
            new Action.Announce(
                Note.warning(
                    self.reference(),
                    "SelectingAll",
                    "This deployment is selecting all pods. A non-empty selector is required.",
                    COMPONENT)),
            new Action.ReportStatus(self.key(), self.uid(), status)));
  }

  private List<ReplicaSetFacts> claim(Selection selection) {
    List<ReplicaSetFacts> claimed = new ArrayList<>();
    for (ReplicaSetFacts set :
        view.replicaSets().stream().sorted(ReplicaSetFacts.OLDEST_FIRST).toList()) {
      switch (Claim.judge(self, selection, set.meta())) {
        case KEEP -> claimed.add(set);
        case ADOPT -> {
          actions.add(Claim.adopt(self, set.meta()));
          claimed.add(set);
        }
        case RELEASE -> actions.add(Claim.release(self, set.meta()));
        case IGNORE -> {}
      }
    }
    return claimed;
  }

  /** Brings the annotations of an existing new ReplicaSet up to date, and the revision. */
  private void syncNewSet(Fleet fleet) {
    if (fleet.newSet().isEmpty()) {
      return;
    }
    ReplicaSetFacts set = fleet.newSet().get();
    Map<String, String> present = set.meta().annotations();
    Map<String, String> wanted =
        Revisions.forNewSet(self.annotations(), present, Revisions.highest(fleet.old()) + 1);
    ObjectNode patch = Revisions.patch(present, wanted);
    if (set.minReadySeconds() != spec.minReadySeconds()) {
      patch.withObject("/spec").put("minReadySeconds", spec.minReadySeconds());
      patch.withObject("/metadata").put("generation", set.meta().generation() + 1);
      actions.add(
          new Action.Edit(set.meta().key(), set.meta().uid(), set.meta().revision(), patch));
    } else if (!patch.isEmpty()) {
      actions.add(new Action.Amend(set.meta().key(), set.meta().uid(), patch));
    }
    revision = Revisions.of(wanted);
    progress.foundNew(set.meta().name());
  }

  private void rollOut(Fleet fleet) {
    if (spec.rolling()) {
      if (fleet.newSet().isEmpty() && !createNewSet(fleet)) {
        return;
      }
      RollingUpdate.step(fleet, spec, view);
      return;
    }
    for (ReplicaSetFacts set : fleet.old()) {
      fleet.scale(set, 0);
    }
    if (oldPodsRun(fleet)) {
      return;
    }
    if (fleet.newSet().isPresent() || createNewSet(fleet)) {
      fleet.scale(fleet.newSet().orElseThrow(), spec.replicas());
    }
  }

  /** Recreate waits until the last old pod is gone, not only asked to go. */
  private boolean oldPodsRun(Fleet fleet) {
    return fleet.old().stream()
        .anyMatch(set -> set.actual() > 0 || view.podsOf(set).unfinished() > 0);
  }

  private boolean createNewSet(Fleet fleet) {
    Optional<Setback> failed =
        view.setback().filter(back -> back.attempt() == Setback.Attempt.CREATE);
    String hash = TemplateHash.of(spec.template(), collisions);
    String name = self.name() + "-" + hash;
    if (failed.isPresent() && now.isBefore(failed.get().retryAt())) {
      progress.couldNotCreate(
          "Failed to create new replica set \"" + name + "\": " + failed.get().message());
      return false;
    }
    if (view.takenNames().contains(name)) {
      // Another template has this hash: the next pass tries the next one.
      collisions++;
      return false;
    }
    int size = RollingUpdate.newSize(fleet, spec, view, 0);
    ObjectNode set = newSet(name, hash, size, Revisions.highest(fleet.old()) + 1);
    fleet.joinNew(ReplicaSetFacts.of(set));
    actions.add(
        new Action.Create(
            ReplicaSetReconciler.REPLICA_SETS,
            set,
            size > 0
                ? Optional.of(
                    fleet.announcement(
                        "Scaled up replica set %s from 0 to %d".formatted(name, size)))
                : Optional.empty()));
    revision = Revisions.of(ObjectFacts.texts(set.path("metadata").path("annotations")));
    progress.createdNew(name);
    return true;
  }

  private ObjectNode newSet(String name, String hash, int size, long newRevision) {
    ObjectNode template = spec.template().deepCopy();
    template.withObject("/metadata/labels").put(TemplateHash.LABEL, hash);
    ObjectNode set = object();
    set.put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    ObjectNode metadata = set.putObject("metadata");
    metadata.put("name", name).put("namespace", self.namespace()).put("generation", 1);
    metadata.set("labels", template.path("metadata").path("labels").deepCopy());
    Map<String, String> annotations =
        new LinkedHashMap<>(Revisions.forNewSet(self.annotations(), Map.of(), newRevision));
    annotations.putAll(Revisions.sizes(spec));
    ObjectNode annotated = metadata.putObject("annotations");
    annotations.forEach(annotated::put);
    metadata.putArray("ownerReferences").add(OwnerRef.controlledBy(self).json());
    ObjectNode setSpec = set.putObject("spec");
    setSpec.put("replicas", size);
    if (spec.minReadySeconds() > 0) {
      setSpec.put("minReadySeconds", spec.minReadySeconds());
    }
    ObjectNode selector = spec.selector().deepCopy();
    selector.withObject("/matchLabels").put(TemplateHash.LABEL, hash);
    setSpec.set("selector", selector);
    setSpec.set("template", template);
    set.putObject("status").put("replicas", 0);
    return set;
  }

  /** Deletes the oldest empty ReplicaSets beyond {@code revisionHistoryLimit}. */
  private void cleanUpHistory(Fleet fleet) {
    if (spec.historyLimit().isEmpty()) {
      return;
    }
    List<ReplicaSetFacts> kept =
        fleet.old().stream()
            .filter(set -> set.meta().deleting().isEmpty())
            .sorted(
                Comparator.comparing(
                        (ReplicaSetFacts set) -> Revisions.of(set.meta().annotations()))
                    .thenComparing(ReplicaSetFacts.OLDEST_FIRST))
            .toList();
    kept.stream()
        .limit(Math.max(0, kept.size() - spec.historyLimit().getAsInt()))
        .filter(set -> set.actual() == 0 && set.replicas() == 0)
        .filter(set -> set.meta().generation() <= set.observedGeneration())
        .forEach(set -> actions.add(Action.Delete.of(set.meta().key(), set.meta().uid())));
  }

  private Plan reportedRollout(Fleet fleet, Optional<Duration> retry) {
    ObjectNode status = DeploymentStatus.counts(self, fleet, collisions);
    DeploymentStatus.judgeAvailability(conditions, spec, status, now);
    progress.judge(self, fleet.newSet(), before, status);
    DeploymentStatus.passFailureOn(conditions, fleet);
    return reported(status, Plan.sooner(retry, progress.again(status)));
  }

  private Plan reported(Fleet fleet, Optional<Duration> retry) {
    ObjectNode status = DeploymentStatus.counts(self, fleet, collisions);
    DeploymentStatus.judgeAvailability(conditions, spec, status, now);
    return reported(status, retry);
  }

  private Plan reported(ObjectNode status, Optional<Duration> again) {
    conditions.into(status);
    if (revision != Revisions.of(self.annotations())) {
      ObjectNode patch = object();
      patch.withObject("/metadata/annotations").put(Revisions.REVISION, Long.toString(revision));
      actions.add(new Action.Amend(self.key(), self.uid(), patch));
    }
    if (!status.equals(before)) {
      actions.add(new Action.ReportStatus(self.key(), self.uid(), status));
    }
    return new Plan(actions, again);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
