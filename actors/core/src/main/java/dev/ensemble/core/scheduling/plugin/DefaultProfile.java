package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Profile;
import dev.ensemble.core.scheduling.Profile.Weighted;
import dev.ensemble.core.scheduling.Search;
import java.util.List;

/** What is here of kube-scheduler's default profile, in its order and with its weights. */
public final class DefaultProfile {
  private DefaultProfile() {}

  public static Profile create() {
    return create(Search.standard());
  }

  public static Profile create(Search search) {
    TaintToleration taints = new TaintToleration();
    NodeAffinity affinity = new NodeAffinity();
    NodeResourcesFit fit = new NodeResourcesFit();
    PodTopologySpread spread = new PodTopologySpread();
    InterPodAffinity neighbours = new InterPodAffinity();
    return new Profile(
        List.of(
            new SchedulingGates(),
            new UnsupportedConstraint(),
            new NodeUnschedulable(),
            new NodeName(),
            taints,
            affinity,
            new NodePorts(),
            fit,
            spread,
            neighbours),
        List.of(
            new Weighted(taints, 3),
            new Weighted(affinity, 2),
            new Weighted(fit, 1),
            new Weighted(spread, 2),
            new Weighted(neighbours, 2),
            new Weighted(new NodeResourcesBalancedAllocation(), 1),
            new Weighted(new ImageLocality(), 1)),
        search);
  }
}
