package dev.ensemble.core.scheduling;

/**
 * How many nodes that would do are looked for before they are compared.
 *
 * @param percentage of all nodes; 0 is upstream's adaptive one, from 50 % of 100 nodes to 5 % of
 *     5,625 and more
 * @param most however many that is: so the cost of a pod does not grow with the number of nodes
 * @param keptFor for about so many pods in a row a node that would do is compared, then it is
 *     others' turn: what was looked at lately is near at hand. 1: others for each pod, as upstream
 */
public record Search(int percentage, int most, int keptFor) {
  /** Below this many nodes each one is looked at (upstream's minFeasibleNodesToFind). */
  private static final int NODES_MIN = 100;

  private static final int ADAPTIVE_MIN = 5;

  public Search {
    if (percentage < 0 || percentage > 100 || most < NODES_MIN || keptFor < 1) {
      throw new IllegalArgumentException(
          "no search: " + percentage + " % of nodes, at most " + most + ", kept for " + keptFor);
    }
  }

  public static Search standard() {
    return of(0, 500);
  }

  public static Search of(int percentage, int most) {
    return new Search(percentage, most, 32);
  }

  /** As kube-scheduler looks for nodes. */
  public static Search upstream() {
    return new Search(0, Integer.MAX_VALUE, 1);
  }

  /** How many nodes after this pod's start the next one begins. */
  int step(int looked, int feasible) {
    return looked - feasible + Math.max(1, feasible / keptFor);
  }

  int enough(int nodes) {
    if (nodes < NODES_MIN) {
      return nodes;
    }
    int share = percentage > 0 ? percentage : Math.max(ADAPTIVE_MIN, 50 - nodes / 125);
    return (int) Math.min(most, Math.max(NODES_MIN, (long) nodes * share / 100));
  }
}
