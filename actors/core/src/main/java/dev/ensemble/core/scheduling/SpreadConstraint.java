package dev.ensemble.core.scheduling;

/**
 * A topology spread constraint (KEP-895).
 *
 * @param maxSkew by how many matching pods a place may exceed the emptiest one
 * @param topologyKey the label of nodes whose value names a place
 * @param pods which pods are counted, in the pod's namespace
 * @param minDomains with fewer places than this the emptiest one counts as empty (KEP-3022)
 * @param nodeAffinity whether nodes that the pod's selector or affinity rules out count (KEP-3094)
 * @param nodeTaints whether nodes whose taints the pod does not tolerate count (KEP-3094)
 */
public record SpreadConstraint(
    int maxSkew,
    String topologyKey,
    Rigour rigour,
    PodScope pods,
    int minDomains,
    NodePolicy nodeAffinity,
    NodePolicy nodeTaints) {
  /** In upstream's words DoNotSchedule and ScheduleAnyway. */
  public enum Rigour {
    REQUIRED,
    PREFERRED
  }

  /** Honor: such nodes do not count. Ignore: they do. */
  public enum NodePolicy {
    HONOR,
    IGNORE
  }
}
