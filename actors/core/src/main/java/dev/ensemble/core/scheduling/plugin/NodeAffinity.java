package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Basis;
import dev.ensemble.core.scheduling.Filter;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.NodeTerm;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.Score;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Node selector, required node affinity and preferred node affinity. */
public final class NodeAffinity implements Filter, Score {
  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public Prepared prepare(PodRequest pod, Market market) {
    if (!asksSomething(pod)) {
      return new Prepared.Nothing();
    }
    Optional<Refusal> refusal =
        Optional.of(Refusal.incurable(name(), "node(s) didn't match Pod's node affinity/selector"));
    NodeCheck check = offer -> matches(pod, offer) ? Optional.empty() : refusal;
    Optional<Set<String>> named = pod.requiredTerms().flatMap(NodeAffinity::namedNodes);
    if (named.isEmpty()) {
      return new Prepared.Check(check);
    }
    if (named.get().isEmpty()) {
      return new Prepared.Refused(Refusal.incurable(name(), "pod affinity terms conflict"));
    }
    return new Prepared.Only(named.get(), check);
  }

  /** The nodes that the terms name, when each term names some: pods of DaemonSets do. */
  private static Optional<Set<String>> namedNodes(List<NodeTerm> terms) {
    Set<String> all = new HashSet<>();
    for (NodeTerm term : terms) {
      Optional<Set<String>> named = term.namedNodes();
      if (named.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(named.get());
    }
    return terms.isEmpty() ? Optional.empty() : Optional.of(all);
  }

  static boolean asksSomething(PodRequest pod) {
    return !pod.nodeSelector().isEmpty() || pod.requiredTerms().isPresent();
  }

  static boolean matches(PodRequest pod, Offer offer) {
    for (Map.Entry<String, String> wanted : pod.nodeSelector().entrySet()) {
      if (!wanted.getValue().equals(offer.labels().get(wanted.getKey()))) {
        return false;
      }
    }
    if (pod.requiredTerms().isEmpty()) {
      return true;
    }
    for (NodeTerm term : pod.requiredTerms().get()) {
      if (term.matches(offer.node(), offer.labels())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Set<MarketEvent> helpedBy() {
    return EnumSet.of(MarketEvent.NODE_ADDED, MarketEvent.NODE_LABELS, MarketEvent.POD_CHANGED);
  }

  @Override
  public Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible) {
    if (pod.preferredTerms().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Scorer() {
          @Override
          public long score(Offer offer) {
            long sum = 0;
            for (NodeTerm.Preferred preferred : pod.preferredTerms()) {
              if (preferred.term().matches(offer.node(), offer.labels())) {
                sum += preferred.weight();
              }
            }
            return sum;
          }

          @Override
          public void normalize(long[] scores) {
            Score.scale(scores);
          }
        });
  }

  @Override
  public Basis basis() {
    return Basis.MARKET;
  }
}
