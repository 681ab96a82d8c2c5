package dev.ensemble.core.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Filters that are asked for one node at a time. Those that look at the node alone are prepared
 * once; those that look at other pods are prepared for each question, since pods may have gone.
 */
final class Trial {
  private final PodRequest pod;
  private final Market market;
  private final List<Step> steps;

  /** Prepared once, or to be prepared each time. */
  private record Step(Filter filter, Optional<Filter.Prepared> prepared) {}

  private Trial(PodRequest pod, Market market, List<Step> steps) {
    this.pod = pod;
    this.market = market;
    this.steps = steps;
  }

  static Trial of(PodRequest pod, Market market, List<Filter> filters) {
    List<Step> steps = new ArrayList<>();
    for (Filter filter : filters) {
      Filter.Prepared prepared = filter.prepare(pod, market);
      // What the pod does not ask for, and no other pod imposes, no missing pod makes it ask for.
      if (!(prepared instanceof Filter.Prepared.Nothing)) {
        boolean lasts = filter.judgedOn() == Basis.NODE;
        steps.add(new Step(filter, lasts ? Optional.of(prepared) : Optional.empty()));
      }
    }
    return new Trial(pod, market, steps);
  }

  /** Whether the answer depends on other pods than those that a node's offer counts. */
  boolean looksAtOtherPods() {
    return steps.stream().anyMatch(step -> step.prepared().isEmpty());
  }

  /** Why the node would not do now; empty when it would. */
  Optional<Refusal> refusal(Offer offer) {
    for (Step step : steps) {
      Filter.Prepared prepared =
          step.prepared().isPresent() ? step.prepared().get() : step.filter().prepare(pod, market);
      Optional<Refusal> refusal = refusal(prepared, offer);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  /** Why the node would not do by one prepared filter. */
  static Optional<Refusal> refusal(Filter.Prepared prepared, Offer offer) {
    if (prepared instanceof Filter.Prepared.Refused refused) {
      return Optional.of(refused.refusal());
    } else if (prepared instanceof Filter.Prepared.Check check) {
      return check.check().check(offer);
    } else if (prepared instanceof Filter.Prepared.Only limited) {
      return limited.check().check(offer);
    }
    return Optional.empty();
  }
}
