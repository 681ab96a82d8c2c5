package dev.ensemble.core.scheduling;

/**
 * A term of pod affinity or anti-affinity.
 *
 * @param topologyKey the label of nodes whose value names a place: nodes of one value are one place
 */
public record PodTerm(PodScope pods, String topologyKey) {
  /** A preferred term, with its weight 1 to 100. */
  public record Preferred(PodTerm term, int weight) {}
}
