package dev.ensemble.core.controller.deployment;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a change of {@code spec.replicas} does to the fleet: in the middle of a rollout each
 * ReplicaSet gets its share, so that the risk stays spread as it was.
 */
final class Scaling {
  private Scaling() {}

  /** Whether the wanted size has changed since the fleet was last sized. */
  static boolean needed(Fleet fleet, DeploymentSpec spec) {
    return fleet.active().stream()
        .map(set -> set.meta().annotations().get(Revisions.DESIRED))
        .anyMatch(size -> size != null && !size.equals(Integer.toString(spec.replicas())));
  }

  static void scale(Fleet fleet, DeploymentSpec spec, int statusReplicas) {
    Optional<ReplicaSetFacts> only = onlyActiveOrLatest(fleet);
    if (only.isPresent()) {
      fleet.scale(only.get(), spec.replicas());
    } else if (saturated(fleet, spec)) {
      fleet.old().stream().filter(ReplicaSetFacts::active).forEach(set -> fleet.scale(set, 0));
    } else if (spec.rolling()) {
      scaleInProportion(fleet, spec, statusReplicas);
    }
  }

  private static Optional<ReplicaSetFacts> onlyActiveOrLatest(Fleet fleet) {
    List<ReplicaSetFacts> active = fleet.active();
    if (active.size() > 1) {
      return Optional.empty();
    }
    if (active.size() == 1) {
      return Optional.of(active.get(0));
    }
    return fleet.newSet().isPresent()
        ? fleet.newSet()
        : fleet.old().stream().min(ReplicaSetFacts.NEWEST_FIRST);
  }

  /** The new ReplicaSet has all that is wanted: old ones are left over. */
  private static boolean saturated(Fleet fleet, DeploymentSpec spec) {
    String wanted = Integer.toString(spec.replicas());
    return fleet
        .newSet()
        .filter(set -> wanted.equals(set.meta().annotations().get(Revisions.DESIRED)))
        .filter(set -> set.replicas() == spec.replicas() && set.available() == spec.replicas())
        .isPresent();
  }

  private static void scaleInProportion(Fleet fleet, DeploymentSpec spec, int statusReplicas) {
    int allowed = spec.replicas() > 0 ? spec.maxReplicas() : 0;
    int difference = allowed - fleet.active().stream().mapToInt(ReplicaSetFacts::replicas).sum();
    Comparator<ReplicaSetFacts> bySize =
        Comparator.comparing((ReplicaSetFacts set) -> -set.replicas())
            .thenComparing(
                difference >= 0 ? ReplicaSetFacts.NEWEST_FIRST : ReplicaSetFacts.OLDEST_FIRST);
    Map<ReplicaSetFacts, Integer> sizes = new LinkedHashMap<>();
    int given = 0;
    for (ReplicaSetFacts set : fleet.active().stream().sorted(bySize).toList()) {
      int share = share(set, spec, statusReplicas, difference - given);
      sizes.put(set, set.replicas() + share);
      given += share;
    }
    boolean first = true;
    for (Map.Entry<ReplicaSetFacts, Integer> entry : sizes.entrySet()) {
      // What rounding left over goes to the largest.
      int leftOver = first ? difference - given : 0;
      first = false;
      fleet.scale(entry.getKey(), Math.max(0, entry.getValue() + leftOver));
    }
  }

  private static int share(
      ReplicaSetFacts set, DeploymentSpec spec, int statusReplicas, int stillToGive) {
    if (stillToGive == 0) {
      return 0;
    }
    int fraction = fraction(set, spec, statusReplicas);
    return stillToGive > 0 ? Math.min(fraction, stillToGive) : Math.max(fraction, stillToGive);
  }

  private static int fraction(ReplicaSetFacts set, DeploymentSpec spec, int statusReplicas) {
    if (spec.replicas() == 0) {
      return -set.replicas();
    }
    int sizedFor = statusReplicas;
    String annotated = set.meta().annotations().get(Revisions.MAX);
    if (annotated != null && annotated.matches("[0-9]{1,9}")) {
      sizedFor = Integer.parseInt(annotated);
    }
    if (sizedFor == 0) {
      return 0;
    }
    return (int) Math.rint((double) set.replicas() * spec.maxReplicas() / sizedFor)
        - set.replicas();
  }
}
