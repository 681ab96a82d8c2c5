package dev.ensemble.core.scheduling;

import dev.ensemble.core.entity.Bid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Why nodes are not for a pod: counted by reason, and node by node up to a limit.
 *
 * @param nodes how many nodes there are
 * @param everywhere the refusal of all nodes at once, when a filter needed to look at none
 * @param counts how many nodes gave each reason
 * @param plugins the filters that refused
 * @param curable nodes that might do if pods were ended there, with the lowest priority found there
 * @param refusals the first refusing nodes, at most {@link #REFUSALS_MAX}
 */
public record Diagnosis(
    int nodes,
    Optional<Refusal> everywhere,
    Map<String, Integer> counts,
    Set<String> plugins,
    List<Curable> curable,
    List<Bid> refusals) {
  /** More of them would make the event that keeps them large; the rest is in the counts. */
  public static final int REFUSALS_MAX = 50;

  public Diagnosis {
    plugins = Set.copyOf(plugins);
    curable = List.copyOf(curable);
    refusals = List.copyOf(refusals);
  }

  /** A node that refused for want of what its pods hold. */
  public record Curable(String node, Optional<Integer> lowestPriority) {}

  /**
   * The refusals to keep with a decision: node by node, and when there are more than that, one with
   * an empty node name that counts them all by reason.
   */
  public List<Bid> record() {
    if (refusals.size() < REFUSALS_MAX) {
      return refusals;
    }
    List<Bid> record = new ArrayList<>(refusals);
    record.add(new Bid("", 0, Map.of(), counted()));
    return record;
  }

  private List<String> counted() {
    List<String> counted = new ArrayList<>();
    counts.forEach((reason, count) -> counted.add(count + " " + reason));
    counted.sort(null);
    return counted;
  }

  /** The nodes that might do if pods were ended there, for a pod of this priority. */
  public List<String> nodesToPreempt(int priority) {
    return curable.stream()
        .filter(c -> c.lowestPriority().isPresent() && c.lowestPriority().get() < priority)
        .map(Curable::node)
        .toList();
  }

  /** The message of FailedScheduling when others are being ended to make room. */
  public String message() {
    if (nodes == 0 && everywhere.isEmpty()) {
      return "no nodes available to schedule pods";
    }
    StringBuilder text = new StringBuilder("0/" + nodes + " nodes are available:");
    if (everywhere.isPresent()) {
      text.append(' ').append(String.join(", ", everywhere.get().reasons())).append('.');
    } else {
      appendSorted(text, counted());
    }
    return text.toString();
  }

  /**
   * The message of FailedScheduling (upstream's framework.FitError and ErrNoNodesAvailable) when
   * ending others does not help either.
   *
   * @param tried why nodes would not do without pods of lower priority, counted by reason
   */
  public String message(PodRequest pod, Map<String, Integer> tried) {
    if (nodes == 0 && everywhere.isEmpty()) {
      return message();
    }
    return message() + " preemption: " + preemption(pod, tried);
  }

  private String preemption(PodRequest pod, Map<String, Integer> tried) {
    if (!pod.mayPreempt()) {
      return "not eligible due to preemptionPolicy=Never.";
    }
    StringBuilder text = new StringBuilder("0/" + nodes + " nodes are available:");
    Map<String, Integer> all = new TreeMap<>(tried);
    int untried = curable.size() - nodesToPreempt(pod.priority()).size();
    if (untried > 0) {
      all.merge(Preemption.NO_VICTIMS, untried, Integer::sum);
    }
    if (curable.size() < nodes) {
      all.put("Preemption is not helpful for scheduling", nodes - curable.size());
    }
    List<String> texts = new ArrayList<>();
    all.forEach((reason, count) -> texts.add(count + " " + reason));
    appendSorted(text, texts);
    return text.toString();
  }

  private static void appendSorted(StringBuilder text, List<String> counted) {
    if (!counted.isEmpty()) {
      counted.sort(null);
      text.append(' ').append(String.join(", ", counted)).append('.');
    }
  }

  /** Gathers refusals while nodes are looked at. */
  static final class Builder {
    private final int nodes;
    private Optional<Refusal> everywhere = Optional.empty();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<String> plugins = new TreeSet<>();
    private final Set<String> narrowing = new TreeSet<>();
    private final List<Curable> curable = new ArrayList<>();
    private final List<Bid> refusals = new ArrayList<>();
    private int refusing;
    private int accepting;

    Builder(int nodes) {
      this.nodes = nodes;
    }

    void refusedEverywhere(Refusal refusal) {
      everywhere = Optional.of(refusal);
      plugins.add(refusal.plugin());
    }

    void narrowedBy(String plugin) {
      narrowing.add(plugin);
      plugins.add(plugin);
    }

    void accepted() {
      accepting++;
    }

    void refused(Offer offer, Refusal refusal) {
      refusing++;
      plugins.add(refusal.plugin());
      refusal.reasons().forEach(reason -> counts.merge(reason, 1, Integer::sum));
      if (refusal.remedy() == Refusal.Remedy.PREEMPTION) {
        Optional<Integer> lowest =
            offer.usage().lowestPriority().isPresent()
                ? Optional.of(offer.usage().lowestPriority().getAsInt())
                : Optional.empty();
        curable.add(new Curable(offer.node(), lowest));
      }
      if (refusals.size() < REFUSALS_MAX) {
        refusals.add(new Bid(offer.node(), 0, Map.of(), refusal.reasons()));
      }
    }

    Diagnosis build() {
      int unseen = nodes - refusing - accepting;
      if (!narrowing.isEmpty() && unseen > 0) {
        String names = String.join(" ", narrowing);
        counts.put("node(s) didn't satisfy plugin(s) [" + names + "]", unseen);
      }
      return new Diagnosis(nodes, everywhere, Map.copyOf(counts), plugins, curable, refusals);
    }
  }
}
