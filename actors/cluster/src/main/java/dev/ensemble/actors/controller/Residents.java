package dev.ensemble.actors.controller;

import dev.ensemble.actors.entity.Resident;
import dev.ensemble.core.controller.deployment.DeploymentReconciler;
import dev.ensemble.core.controller.endpoints.ServiceReconciler;
import dev.ensemble.core.controller.namespace.NamespaceReconciler;
import dev.ensemble.core.controller.replicaset.ReplicaSetReconciler;
import dev.ensemble.core.object.ResourceName;
import java.util.Map;

/** Which kinds have a control loop beside each object. */
public final class Residents {
  private Residents() {}

  public static Map<ResourceName, Resident> table(ControllerParts parts) {
    return Map.of(
        ReplicaSetReconciler.REPLICA_SETS,
        loop(parts, new ReplicaSetRule(parts.facts())),
        DeploymentReconciler.DEPLOYMENTS,
        loop(parts, new DeploymentRule(parts.facts())),
        ServiceReconciler.SERVICES,
        loop(parts, new ServiceRule(parts.facts())),
        NamespaceReconciler.NAMESPACES,
        loop(parts, new NamespaceRule(parts)));
  }

  private static Resident loop(ControllerParts parts, Rule rule) {
    return (key, store) -> ControlLoop.create(key, store, parts, rule);
  }
}
