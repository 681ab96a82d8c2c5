package dev.ensemble.core.scheduling;

import dev.ensemble.core.entity.Bid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Why one node would take a pod or not, as things are at this moment.
 *
 * @param pod namespace and name
 * @param placed where the pod is; empty when it has no node
 * @param offered whether the scheduler has an offer of the node
 * @param refusals of every filter that refuses the node, not of the first alone
 * @param bids when no filter refuses: the best nodes and this one, best first, compared with each
 *     other; empty otherwise
 */
public record Explanation(
    String pod,
    String node,
    Optional<String> placed,
    boolean offered,
    List<Refusal> refusals,
    List<Bid> bids) {
  public Explanation {
    refusals = List.copyOf(refusals);
    bids = List.copyOf(bids);
  }

  /** Whether the node would take the pod. */
  public boolean possible() {
    return offered && refusals.isEmpty();
  }

  /** The same for people, line by line. */
  public List<String> sentences() {
    List<String> lines = new ArrayList<>();
    if (placed.equals(Optional.of(node))) {
      lines.add("Pod %s is on node %s.".formatted(pod, node));
      return lines;
    }
    placed.ifPresent(
        other ->
            lines.add("Pod %s is on node %s. Were it to be placed now:".formatted(pod, other)));
    if (!offered) {
      lines.add(
          "Node %s has made no offer: it is new, it is going, or its actor does not answer."
              .formatted(node));
    } else if (!refusals.isEmpty()) {
      lines.add("Node %s would not take pod %s:".formatted(node, pod));
      for (Refusal refusal : refusals) {
        lines.add(
            "  %s: %s%s"
                .formatted(
                    refusal.plugin(),
                    String.join(", ", refusal.reasons()),
                    refusal.remedy() == Refusal.Remedy.PREEMPTION
                        ? " (ending other pods there could change it)"
                        : ""));
      }
    } else {
      compare(lines);
    }
    return lines;
  }

  private void compare(List<String> lines) {
    Bid best = bids.get(0);
    if (best.node().equals(node)) {
      lines.add("Node %s would take pod %s, and no other rates higher:".formatted(node, pod));
    } else {
      lines.add(
          "Node %s would take pod %s, but node %s rates higher:".formatted(node, pod, best.node()));
    }
    for (Bid bid : bids) {
      List<String> parts = new ArrayList<>();
      new TreeMap<>(bid.scores())
          .forEach((plugin, score) -> parts.add("%s %d".formatted(plugin, score)));
      lines.add("  %s: %d (%s)".formatted(bid.node(), bid.score(), String.join(", ", parts)));
    }
  }
}
