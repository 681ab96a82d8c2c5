package dev.ensemble.core.scheduling;

import dev.ensemble.core.scheduling.PodScope.NamespaceLabels;

/** What pods have to do with each other. */
public final class Relations {
  private Relations() {}

  /**
   * Whether a change of {@code placed}, a pod on a node, may open a node to one that waits: a
   * required rule of one of them means the other.
   */
  public static boolean mayHelp(PodRequest waiting, PodRequest placed, NamespaceLabels namespaces) {
    return anyMeans(waiting.affinity().required(), placed, namespaces)
        || anyMeans(waiting.affinity().requiredAnti(), placed, namespaces)
        || anyMeans(placed.affinity().requiredAnti(), waiting, namespaces)
        || waiting.spread().stream()
            .anyMatch(
                constraint ->
                    constraint.rigour() == SpreadConstraint.Rigour.REQUIRED
                        && constraint.pods().matches(placed, namespaces));
  }

  private static boolean anyMeans(
      Iterable<PodTerm> terms, PodRequest pod, NamespaceLabels namespaces) {
    for (PodTerm term : terms) {
      if (term.pods().matches(pod, namespaces)) {
        return true;
      }
    }
    return false;
  }
}
