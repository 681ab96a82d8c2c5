package dev.ensemble.actors.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.protocol.ToAgent;
import java.util.ArrayList;
import java.util.List;

/** All Services and EndpointSlices as one message, made once for all sessions of the process. */
final class ServicesMessage {
  private static final ResourceName SERVICES = ResourceName.parse("services");
  private static final ResourceName SLICES = ResourceName.parse("endpointslices.discovery.k8s.io");
  static final List<ResourceName> RESOURCES = List.of(SERVICES, SLICES);

  private final ObjectStore store;
  private long servicesRevision = -1;
  private long slicesRevision = -1;
  private ToAgent message = new ToAgent.ServicesDesired(List.of(), List.of());

  ServicesMessage(ObjectStore store) {
    this.store = store;
  }

  synchronized ToAgent now() {
    Snapshot services = store.view(SERVICES).snapshot();
    Snapshot slices = store.view(SLICES).snapshot();
    if (services.revision() != servicesRevision || slices.revision() != slicesRevision) {
      message = new ToAgent.ServicesDesired(trees(services), trees(slices));
      servicesRevision = services.revision();
      slicesRevision = slices.revision();
    }
    return message;
  }

  private static List<ObjectNode> trees(Snapshot snapshot) {
    List<ObjectNode> trees = new ArrayList<>(snapshot.size());
    snapshot.all().forEach(object -> trees.add(object.tree()));
    return trees;
  }
}
