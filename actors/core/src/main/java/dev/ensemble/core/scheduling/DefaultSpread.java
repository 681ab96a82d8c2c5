package dev.ensemble.core.scheduling;

import dev.ensemble.core.scheduling.SpreadConstraint.NodePolicy;
import dev.ensemble.core.scheduling.SpreadConstraint.Rigour;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.core.selector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Upstream's built-in default constraints: over hosts with a skew of 3 and over zones with a skew
 * of 5, both by preference. They count the pods of the same Services and the same controller.
 */
public final class DefaultSpread {
  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String ZONE = "topology.kubernetes.io/zone";

  private DefaultSpread() {}

  /**
   * @param services the selectors of the Services that select the pod
   * @param controller the selector of the controller that owns it
   */
  public static List<SpreadConstraint> of(
      PodRequest pod, List<Map<String, String>> services, Optional<LabelSelector> controller) {
    List<Requirement> requirements = new ArrayList<>();
    for (Map<String, String> service : services) {
      requirements.addAll(LabelSelector.ofLabels(service).requirements());
    }
    controller.ifPresent(selector -> requirements.addAll(selector.requirements()));
    if (requirements.isEmpty()) {
      return List.of();
    }
    LabelSelector selector = LabelSelector.of(requirements.stream().distinct().toList());
    PodScope pods = PodScope.inNamespace(pod.namespace(), selector);
    return List.of(constraint(3, HOSTNAME, pods), constraint(5, ZONE, pods));
  }

  private static SpreadConstraint constraint(int maxSkew, String key, PodScope pods) {
    return new SpreadConstraint(
        maxSkew, key, Rigour.PREFERRED, pods, 1, NodePolicy.HONOR, NodePolicy.IGNORE);
  }
}
