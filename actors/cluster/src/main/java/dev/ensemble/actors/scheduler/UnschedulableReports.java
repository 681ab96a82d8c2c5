package dev.ensemble.actors.scheduler;

import akka.actor.typed.javadsl.ActorContext;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.scheduling.PodScheduledCondition;
import dev.ensemble.persistence.format.Provenance;
import java.time.Clock;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes PodScheduled=False and the nominated node to pods that no node would take: a few at a
 * time, of each pod the newest message only. A write that loses to another change of the pod is
 * dropped: the pod is looked at again, and if it still waits, so is its condition.
 */
final class UnschedulableReports {
  private static final int UNDER_WAY_MAX = 32;
  private static final ResourceName PODS = ResourceName.parse("pods");

  private final ActorContext<Scheduler.Message> context;
  private final ObjectStore store;
  private final Clock clock;
  private final Map<String, Report> pending = new LinkedHashMap<>();
  private final Set<String> underWay = new HashSet<>();

  private record Report(WaitingPod pod, String message, Optional<String> nominated) {}

  UnschedulableReports(ActorContext<Scheduler.Message> context, ObjectStore store, Clock clock) {
    this.context = context;
    this.store = store;
    this.clock = clock;
  }

  /**
   * @param nominated where others are being ended for the pod
   */
  void report(WaitingPod pod, String message, Optional<String> nominated) {
    pending.put(pod.uid(), new Report(pod, message, nominated));
    writeSome();
  }

  void forget(String uid) {
    pending.remove(uid);
  }

  void done(String uid) {
    underWay.remove(uid);
    writeSome();
  }

  private void writeSome() {
    Iterator<Report> reports = pending.values().iterator();
    while (underWay.size() < UNDER_WAY_MAX && reports.hasNext()) {
      Report report = reports.next();
      if (!underWay.contains(report.pod().uid())) {
        reports.remove();
        write(report);
      }
    }
  }

  private void write(Report report) {
    WaitingPod pod = report.pod();
    Optional<StoredObject> stored =
        store
            .view(PODS)
            .snapshot()
            .get(pod.key().namespace(), pod.key().name())
            .filter(object -> object.uid().equals(pod.uid()));
    if (stored.isEmpty()) {
      return;
    }
    ObjectNode tree = stored.get().tree();
    if (tree.path("spec").has("nodeName")) {
      return;
    }
    Optional<ObjectNode> after =
        PodScheduledCondition.unschedulable(
            tree, report.message(), report.nominated(), clock.instant());
    if (after.isEmpty()) {
      return;
    }
    after.get().withObjectProperty("metadata").remove("resourceVersion");
    underWay.add(pod.uid());
    context.pipeToSelf(
        store.submit(
            pod.key(),
            new ObjectCommand.Replace(after.get(), stored.get().sequence()),
            Provenance.internal(
                "system:kube-scheduler", clock.instant(), Optional.of(pod.cause()))),
        (outcome, failure) -> new Scheduler.Reported(pod.uid()));
  }
}
