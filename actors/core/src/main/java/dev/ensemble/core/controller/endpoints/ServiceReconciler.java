package dev.ensemble.core.controller.endpoints;

import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.object.ResourceName;
import java.util.ArrayList;
import java.util.List;

/** Keeps a Service's endpoints and its load balancer's addresses. Time plays no part in it. */
public final class ServiceReconciler {
  public static final ResourceName SERVICES = new ResourceName("", "services");
  public static final ResourceName SLICES = EndpointSlices.SLICES;
  public static final ResourceName ENDPOINTS = EndpointsObject.ENDPOINTS;
  public static final String SERVICE_NAME_LABEL = EndpointSlices.SERVICE_NAME;
  public static final String COMPONENT = "endpoint-slice-controller";

  private ServiceReconciler() {}

  public static Plan reconcile(ServiceView view) {
    ServiceFacts service =
        new ServiceFacts(ObjectFacts.of(SERVICES, view.service()), view.service().path("spec"));
    List<Action> actions = new ArrayList<>();
    LoadBalancerAddresses.plan(service, view).ifPresent(actions::add);
    if (service.selects() && service.meta().deleting().isEmpty()) {
      actions.addAll(new EndpointSlices(service, view).plan());
      actions.addAll(EndpointsObject.plan(service, view));
    }
    return Plan.of(actions);
  }
}
