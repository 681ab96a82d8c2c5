package dev.ensemble.core.entity;

import java.util.List;
import java.util.Map;

/**
 * A node's answer for one pod, kept in the Bound event.
 *
 * @param node the node's name; empty when the refusals of many nodes are counted by reason
 * @param score the sum of weighted scores, higher is better; 0 when refused
 * @param scores the weighted score of each plugin
 * @param refusals why the node would not take the pod, upstream's reasons; empty for a real bid
 */
public record Bid(String node, long score, Map<String, Long> scores, List<String> refusals) {
  public Bid {
    scores = Map.copyOf(scores);
    refusals = List.copyOf(refusals);
  }
}
