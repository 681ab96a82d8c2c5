package dev.ensemble.core.scheduling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds a node where a pod would do if pods of lower priority were ended, and as few and as
 * unimportant ones as can be (upstream's DefaultPreemption).
 */
public final class Preemption {
  /** At least so many nodes are tried out, and a tenth of all (upstream's). */
  private static final int NODES_MIN = 100;

  static final String NO_VICTIMS = "No preemption victims found for incoming pod";

  private final Placement placement;

  public Preemption(Placement placement) {
    this.placement = placement;
  }

  /**
   * A node and the pods that would have to go, the most important first.
   *
   * @param violating how many of them a disruption budget would rather keep
   */
  public record Plan(String node, List<PodRequest> victims, int violating) {
    public Plan {
      victims = List.copyOf(victims);
    }
  }

  /**
   * A PodDisruptionBudget.
   *
   * @param disruptionsAllowed how many of its pods may be ended now
   */
  public record Budget(String id, PodScope pods, int disruptionsAllowed) {}

  /**
   * What came of it.
   *
   * @param counts why nodes would not do even so, counted by reason
   */
  public record Outcome(Optional<Plan> plan, Map<String, Integer> counts) {
    public Outcome {
      counts = Map.copyOf(counts);
    }
  }

  /**
   * Looks for the best plan.
   *
   * @param curable nodes that refused for want of what their pods hold
   * @param start where among them to begin
   */
  public Outcome plan(
      PodRequest pod, Book book, List<String> curable, int start, List<Budget> budgets) {
    int enough = Math.max(NODES_MIN, book.offers().size() / 10);
    Trial trial = placement.trial(pod, book);
    List<Plan> plans = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < curable.size() && plans.size() < enough; i++) {
      String node = curable.get(Math.floorMod(start + i, curable.size()));
      Attempt attempt = attempt(pod, node, book, trial, budgets);
      attempt.plan().ifPresent(plans::add);
      attempt.reasons().forEach(reason -> counts.merge(reason, 1, Integer::sum));
    }
    return new Outcome(plans.stream().min(BETTER), counts);
  }

  private record Attempt(Optional<Plan> plan, List<String> reasons) {
    static Attempt failed(List<String> reasons) {
      return new Attempt(Optional.empty(), reasons);
    }
  }

  /** Upstream's order of preference among nodes. */
  private static final Comparator<Plan> BETTER =
      Comparator.comparingInt(Plan::violating)
          .thenComparingInt(plan -> plan.victims().get(0).priority())
          .thenComparingLong(Preemption::prioritySum)
          .thenComparingInt(plan -> plan.victims().size())
          .thenComparing(Preemption::earliestOfHighest, Comparator.reverseOrder());

  private static long prioritySum(Plan plan) {
    // Shifted so that more victims never make the sum smaller.
    return plan.victims().stream().mapToLong(v -> v.priority() + (1L << 31)).sum();
  }

  private static Instant earliestOfHighest(Plan plan) {
    int highest = plan.victims().get(0).priority();
    return plan.victims().stream()
        .filter(victim -> victim.priority() == highest)
        .map(PodRequest::since)
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static Attempt attempt(
      PodRequest pod, String node, Book book, Trial trial, List<Budget> budgets) {
    Without without = new Without(node, book, trial);
    List<PodRequest> lower =
        without.here.stream()
            .filter(other -> other.priority() < pod.priority())
            .sorted(MORE_IMPORTANT_FIRST)
            .toList();
    if (lower.isEmpty()) {
      return Attempt.failed(List.of(NO_VICTIMS));
    }
    Set<String> gone = new HashSet<>();
    lower.forEach(victim -> gone.add(victim.uid()));
    Optional<Refusal> still = without.refusal(gone);
    if (still.isPresent()) {
      return Attempt.failed(still.get().reasons());
    }
    Set<PodRequest> violating = violating(lower, budgets, book.pods().namespaces());
    reprieve(without, violating, lower, gone);
    List<PodRequest> victims = lower.stream().filter(v -> gone.contains(v.uid())).toList();
    if (victims.isEmpty()) {
      // A pod has gone, and the node's next offer will say so: nobody else has to.
      return Attempt.failed(List.of(NO_VICTIMS));
    }
    int broken = (int) victims.stream().filter(violating::contains).count();
    return new Attempt(Optional.of(new Plan(node, victims, broken)), List.of());
  }

  /** One node, as it would be without some of its pods. */
  private static final class Without {
    private final Book book;
    private final Trial trial;
    private final Offer offer;
    private final List<PodRequest> here;
    private final boolean othersMatter;

    Without(String node, Book book, Trial trial) {
      this.book = book;
      this.trial = trial;
      this.offer = book.offer(node).orElseThrow();
      this.here = book.podsOn(node);
      this.othersMatter = trial.looksAtOtherPods();
    }

    Optional<Refusal> refusal(Set<String> gone) {
      Usage usage = Usage.NONE;
      for (PodRequest pod : here) {
        if (!gone.contains(pod.uid())) {
          usage = usage.plus(pod);
        }
      }
      Offer emptier = offer.with(usage, offer.underWay());
      return othersMatter
          ? book.without(gone, emptier, () -> trial.refusal(emptier))
          : trial.refusal(emptier);
    }
  }

  private static final Comparator<PodRequest> MORE_IMPORTANT_FIRST =
      Comparator.<PodRequest>comparingInt(pod -> -pod.priority())
          .thenComparing(PodRequest::since)
          .thenComparing(PodRequest::uid);

  /** Lets stay who can, first those whose budget would be broken, each time the most important. */
  private static void reprieve(
      Without without, Set<PodRequest> violating, List<PodRequest> lower, Set<String> gone) {
    List<PodRequest> order = new ArrayList<>(lower.stream().filter(violating::contains).toList());
    lower.stream().filter(victim -> !violating.contains(victim)).forEach(order::add);
    for (PodRequest victim : order) {
      gone.remove(victim.uid());
      if (without.refusal(gone).isPresent()) {
        gone.add(victim.uid());
      }
    }
  }

  /** Those that a budget has no disruption left for, when all before them are ended. */
  private static Set<PodRequest> violating(
      Collection<PodRequest> victims, List<Budget> budgets, PodScope.NamespaceLabels namespaces) {
    Set<PodRequest> violating = new HashSet<>();
    Map<String, Integer> left = new HashMap<>();
    budgets.forEach(budget -> left.put(budget.id(), budget.disruptionsAllowed()));
    for (PodRequest victim : victims) {
      for (Budget budget : budgets) {
        if (!victim.labels().isEmpty()
            && budget.pods().matches(victim, namespaces)
            && left.merge(budget.id(), -1, Integer::sum) < 0) {
          violating.add(victim);
        }
      }
    }
    return violating;
  }
}
