package dev.ensemble.core.controller.deployment;

/**
 * Moves pods from old ReplicaSets to the new one within maxSurge and maxUnavailable, one direction
 * a pass.
 */
final class RollingUpdate {
  private RollingUpdate() {}

  /** One step; does nothing when there is none to take yet. */
  static void step(Fleet fleet, DeploymentSpec spec, DeploymentView view) {
    if (!scaleNew(fleet, spec, view)) {
      scaleOld(fleet, spec);
    }
  }

  /**
   * The size of the new ReplicaSet of {@code present} pods: as many as the whole fleet may grow.
   */
  static int newSize(Fleet fleet, DeploymentSpec spec, DeploymentView view, int present) {
    if (!spec.rolling()) {
      return spec.replicas();
    }
    int room = spec.maxReplicas() - possible(fleet, view);
    return room <= 0 ? present : present + Math.min(room, spec.replicas() - present);
  }

  /**
   * The most pods that there can be until all ReplicaSets have followed their spec. One that was
   * just scaled down may still have them all.
   */
  private static int possible(Fleet fleet, DeploymentView view) {
    return fleet.all().stream()
        .mapToInt(set -> Math.max(set.replicas(), view.podsOf(set).active()))
        .sum();
  }

  private static boolean scaleNew(Fleet fleet, DeploymentSpec spec, DeploymentView view) {
    if (fleet.newSet().isEmpty()) {
      return false;
    }
    ReplicaSetFacts newSet = fleet.newSet().get();
    if (newSet.replicas() == spec.replicas()) {
      return false;
    }
    int size =
        newSet.replicas() > spec.replicas()
            ? spec.replicas()
            : newSize(fleet, spec, view, newSet.replicas());
    return fleet.scale(newSet, size);
  }

  private static void scaleOld(Fleet fleet, DeploymentSpec spec) {
    if (fleet.wantedOld() == 0) {
      return;
    }
    int minAvailable = spec.replicas() - spec.maxUnavailable();
    int newUnavailable =
        fleet.newSet().map(set -> set.replicas() - set.lastingAvailable()).orElse(0);
    int spare = fleet.wanted() - minAvailable - newUnavailable;
    if (spare <= 0) {
      return;
    }
    cleanUpUnhealthy(fleet, spare);
    scaleDownAvailable(fleet, minAvailable);
  }

  /** Old pods that are not available anyway go first: nobody misses them. */
  private static void cleanUpUnhealthy(Fleet fleet, int limit) {
    int left = limit;
    for (ReplicaSetFacts set : fleet.old()) {
      int unhealthy = set.replicas() - set.lastingAvailable();
      int down = Math.min(left, unhealthy);
      if (down > 0) {
        fleet.scale(set, set.replicas() - down);
        left -= down;
      }
    }
  }

  private static void scaleDownAvailable(Fleet fleet, int minAvailable) {
    int available = fleet.all().stream().mapToInt(ReplicaSetFacts::lastingAvailable).sum();
    int left = available - minAvailable;
    for (ReplicaSetFacts set : fleet.old()) {
      int down = Math.min(left, set.replicas());
      if (down > 0) {
        fleet.scale(set, set.replicas() - down);
        left -= down;
      }
    }
  }
}
