package dev.ensemble.core.controller.replicaset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Announcement;
import dev.ensemble.core.controller.Claim;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Selection;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Holds the number of a ReplicaSet's active pods at {@code spec.replicas}. */
public final class ReplicaSetReconciler {
  public static final ResourceName REPLICA_SETS = new ResourceName("apps", "replicasets");
  public static final String COMPONENT = "replicaset-controller";

  /** Upstream's burst: at most so many pods are made or deleted in one pass. */
  static final int BURST = 500;

  private final ReplicaSetView view;
  private final Instant now;
  private final ObjectFacts self;
  private final Duration minReady;
  private final int wanted;
  private final List<Action> actions = new ArrayList<>();

  /** Pods that are this ReplicaSet's after the pass, active and terminating ones. */
  private final List<PodFacts> claimed = new ArrayList<>();

  private ReplicaSetReconciler(ReplicaSetView view, Instant now) {
    this.view = view;
    this.now = now;
    self = ObjectFacts.of(REPLICA_SETS, view.replicaSet());
    JsonNode spec = view.replicaSet().path("spec");
    minReady = Duration.ofSeconds(spec.path("minReadySeconds").asLong());
    wanted = spec.path("replicas").asInt(1);
  }

  public static Plan reconcile(ReplicaSetView view, Instant now) {
    return new ReplicaSetReconciler(view, now).plan();
  }

  private Plan plan() {
    claim();
    List<PodFacts> active = claimed.stream().filter(PodFacts::active).toList();
    if (self.deleting().isEmpty()) {
      if (active.size() < wanted) {
        createPods(Math.min(wanted - active.size(), BURST));
      } else if (active.size() > wanted) {
        deletePods(active, Math.min(active.size() - wanted, BURST));
      }
    }
    ObjectNode status = ReplicaSetStatus.of(view, self, minReady, claimed, wanted, now);
    if (!status.equals(view.replicaSet().path("status"))) {
      // The status goes first: an action that fails ends the plan.
      actions.add(0, new Action.ReportStatus(self.key(), self.uid(), status));
    }
    return new Plan(actions, again(active));
  }

  private void claim() {
    Selection selection =
        Selection.ofLabelSelector(view.replicaSet().path("spec").path("selector"));
    view.pods().stream()
        .sorted(Comparator.comparing(pod -> pod.meta().name()))
        .forEach(pod -> claim(selection, pod));
  }

  private void claim(Selection selection, PodFacts pod) {
    switch (Claim.judge(self, selection, pod.meta())) {
      case KEEP -> claimed.add(pod);
      case ADOPT -> {
        if (pod.active()) {
          actions.add(Claim.adopt(self, pod.meta()));
          claimed.add(pod);
        }
      }
      case RELEASE -> {
        if (pod.active()) {
          actions.add(Claim.release(self, pod.meta()));
        }
      }
      case IGNORE -> {}
    }
  }

  private void createPods(int count) {
    if (view.setback().filter(back -> back.holdsBack(Setback.Attempt.CREATE, now)).isPresent()) {
      return;
    }
    Announcement announcement =
        new Announcement(
            note(Note.Type.NORMAL, "SuccessfulCreate", "Created pod: {name}"),
            note(Note.Type.WARNING, "FailedCreate", "Error creating: {error}"));
    for (int i = 0; i < count; i++) {
      actions.add(new Action.Create(PodFacts.PODS, pod(), Optional.of(announcement)));
    }
  }

  private void deletePods(List<PodFacts> active, int count) {
    if (view.setback().filter(back -> back.holdsBack(Setback.Attempt.DELETE, now)).isPresent()) {
      return;
    }
    active.stream()
        .sorted(DeletionOrder.at(now, activeOnNode(active)))
        .limit(count)
        .forEach(
            pod ->
                actions.add(
                    new Action.Delete(
                        pod.meta().key(),
                        pod.meta().uid(),
                        OptionalLong.empty(),
                        ObjectCommand.Propagation.BACKGROUND,
                        Optional.of(deleted(pod.meta().name())))));
  }

  private Announcement deleted(String name) {
    return new Announcement(
        note(Note.Type.NORMAL, "SuccessfulDelete", "Deleted pod: " + name),
        note(Note.Type.WARNING, "FailedDelete", "Error deleting: {error}"));
  }

  private Map<String, Integer> activeOnNode(List<PodFacts> active) {
    if (!view.activeOnNode().isEmpty()) {
      return view.activeOnNode();
    }
    Map<String, Integer> counts = new HashMap<>();
    active.forEach(pod -> counts.merge(pod.node(), 1, Integer::sum));
    return counts;
  }

  private ObjectNode pod() {
    JsonNode template = view.replicaSet().path("spec").path("template");
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("generateName", self.name() + "-").put("namespace", self.namespace());
    for (String field : List.of("labels", "annotations", "finalizers")) {
      if (!template.path("metadata").path(field).isEmpty()) {
        metadata.set(field, template.path("metadata").path(field).deepCopy());
      }
    }
    metadata.putArray("ownerReferences").add(OwnerRef.controlledBy(self).json());
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }

  private Note note(Note.Type type, String reason, String message) {
    return new Note(self.reference(), type, reason, message, COMPONENT);
  }

  /** When the next pod becomes available by waiting, or a setback may be tried again. */
  private Optional<Duration> again(List<PodFacts> active) {
    Optional<Duration> available =
        active.stream()
            .filter(pod -> pod.ready() && !pod.available(minReady, now))
            .map(pod -> Duration.between(now, pod.readySince().orElseThrow().plus(minReady)))
            .min(Comparator.naturalOrder());
    Optional<Duration> retry =
        view.setback()
            .filter(back -> active.size() != wanted && now.isBefore(back.retryAt()))
            .map(back -> Duration.between(now, back.retryAt()));
    return Plan.sooner(available, retry);
  }
}
