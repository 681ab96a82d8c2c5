package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.persistence.format.Provenance;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Places, runs and ends all pods, one step at each call. */
final class FakeNode {
  private final ObjectStore store;
  private final Clock clock;

  FakeNode(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void step() {
    for (StoredObject stored : store.view(PodFacts.PODS).snapshot().all()) {
      PodFacts pod = PodFacts.of(stored.tree());
      if (pod.meta().deleting().isPresent()) {
        submit(pod, new ObjectCommand.ConfirmRemoved(stored.uid()));
      } else if (pod.node().isEmpty()) {
        submit(pod, new ObjectCommand.Bind(Optional.of(stored.uid()), "node-1", List.of()));
      } else if (!pod.ready()) {
        submit(pod, new ObjectCommand.ReportStatus(Optional.of(stored.uid()), running(pod)));
      }
    }
  }

  private ObjectNode running(PodFacts pod) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    String ip = "10.0.0." + (1 + Math.floorMod(pod.meta().name().hashCode(), 250));
    status.put("phase", "Running").put("podIP", ip);
    status.putArray("podIPs").addObject().put("ip", ip);
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("lastTransitionTime", clock.instant().toString());
    return status;
  }

  private void submit(PodFacts pod, ObjectCommand command) {
    store.submit(
        pod.meta().key(),
        command,
        Provenance.internal("system:node:node-1", clock.instant(), Optional.empty()));
  }
}
