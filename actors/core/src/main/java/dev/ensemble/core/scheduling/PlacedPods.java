package dev.ensemble.core.scheduling;

import dev.ensemble.core.scheduling.PodScope.NamespaceLabels;
import dev.ensemble.core.scheduling.Tallies.Question;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The pods that have a node, or are assumed to have one, as rules about other pods ask for them:
 * counted by what a rule means, and by the terms that they hold themselves. Counts are kept up to
 * date, so that asking costs nothing that grows with the number of pods. Not safe for several
 * threads.
 */
public final class PlacedPods {
  private final Function<String, Map<String, String>> nodeLabels;
  private NamespaceLabels namespaces = NamespaceLabels.none();
  private final Shared shared = new Shared();
  private final Map<String, Placed> shown = new HashMap<>();
  private final Map<String, Placed> assumed = new HashMap<>();
  private final Map<String, Map<String, Placed>> byNamespace = new HashMap<>();
  private final Map<String, Map<String, Placed>> byNode = new HashMap<>();
  private final Tallies tallies = new Tallies();
  private final Map<Held.Kind, Map<Held, Tally>> held = new EnumMap<>(Held.Kind.class);

  private record Placed(PodRequest pod, String node) {}

  /** Whether pods that are being ended count. */
  public enum Counted {
    ALL,
    STAYING
  }

  /**
   * A term that placed pods hold.
   *
   * @param weight of a preferred term, negative for anti-affinity; 0 for a required one
   */
  public record Held(Kind kind, PodTerm term, int weight) {
    /** What sort of term it is. */
    public enum Kind {
      REQUIRED,
      REQUIRED_ANTI,
      PREFERRED
    }
  }

  /**
   * @param nodeLabels the labels of a node that has an offer, null for others
   */
  PlacedPods(Function<String, Map<String, String>> nodeLabels) {
    this.nodeLabels = nodeLabels;
  }

  /** Where the labels of namespaces are read from. */
  void namespaces(NamespaceLabels labels) {
    namespaces = labels;
  }

  public NamespaceLabels namespaces() {
    return namespaces;
  }

  /** A namespace came, went or has other labels. */
  void namespacesChanged() {
    tallies.removeIf(Question::selectsNamespaces);
  }

  /** The pod is on its node, for all to see. */
  void show(PodRequest pod) {
    PodRequest small = shared.placed(pod);
    change(pod.uid(), () -> shown.put(pod.uid(), new Placed(small, small.nodeName())));
  }

  /** The pod is gone or has ended. */
  void hide(String uid) {
    change(uid, () -> shown.remove(uid));
  }

  /** The pod is taken to be on the node until it is shown somewhere, or {@link #release}. */
  void assume(PodRequest pod, String node) {
    change(pod.uid(), () -> assumed.put(pod.uid(), new Placed(pod, node)));
  }

  /** It is not taken to be on that node any more; on another it stays. */
  void release(String uid, String node) {
    Placed placed = assumed.get(uid);
    if (placed != null && placed.node().equals(node)) {
      change(uid, () -> assumed.remove(uid));
    }
  }

  /** A node came, went or has other labels. */
  void nodeChanged(String node) {
    tallies.forEach((question, tally) -> tally.nodeChanged(node));
    held.values().forEach(kind -> kind.values().forEach(tally -> tally.nodeChanged(node)));
  }

  /** The pod as it was last shown, as far as others are concerned with it. */
  public Optional<PodRequest> shown(String uid) {
    return Optional.ofNullable(shown.get(uid)).map(Placed::pod);
  }

  /** The pods of a node. */
  List<PodRequest> on(String node) {
    return byNode.getOrDefault(node, Map.of()).values().stream().map(Placed::pod).toList();
  }

  /** Answers a question as if some pods were not there. */
  <T> T without(Set<String> uids, Supplier<T> question) {
    List<Placed> away = new ArrayList<>();
    for (String uid : uids) {
      Placed placed = effective(uid);
      if (placed != null) {
        away.add(placed);
        remove(placed);
      }
    }
    try {
      return question.get();
    } finally {
      away.forEach(this::add);
    }
  }

  /** The uids of all pods that are shown. */
  public Set<String> shown() {
    return Set.copyOf(shown.keySet());
  }

  /** Pods that every one of the scopes means. */
  public Tally count(List<PodScope> scopes, Counted counted) {
    return tallies.get(new Question(scopes, counted), this::countAnew);
  }

  /** The terms that placed pods hold, each with the nodes of its holders. Not to be changed. */
  public Map<Held, Tally> held(Held.Kind kind) {
    return held.getOrDefault(kind, Map.of());
  }

  private Tally countAnew(Question question) {
    Tally tally = new Tally(nodeLabels);
    byNamespace.forEach(
        (namespace, pods) -> {
          if (!question.covers(namespace, namespaces)) {
            return;
          }
          for (Placed placed : pods.values()) {
            if (question.means(placed.pod(), namespaces)) {
              tally.add(placed.node(), 1);
            }
          }
        });
    return tally;
  }

  private void change(String uid, Runnable step) {
    Placed before = effective(uid);
    step.run();
    Placed after = effective(uid);
    if (Objects.equals(before, after)) {
      return;
    }
    if (before != null) {
      remove(before);
    }
    if (after != null) {
      add(after);
    }
  }

  private Placed effective(String uid) {
    Placed seen = shown.get(uid);
    return seen != null ? seen : assumed.get(uid);
  }

  private void add(Placed placed) {
    put(byNamespace, placed.pod().namespace(), placed);
    put(byNode, placed.node(), placed);
    tally(placed, 1);
  }

  private void remove(Placed placed) {
    take(byNamespace, placed.pod().namespace(), placed);
    take(byNode, placed.node(), placed);
    tally(placed, -1);
  }

  private static void put(Map<String, Map<String, Placed>> index, String key, Placed placed) {
    index.computeIfAbsent(key, k -> new HashMap<>()).put(placed.pod().uid(), placed);
  }

  private static void take(Map<String, Map<String, Placed>> index, String key, Placed placed) {
    index.computeIfPresent(
        key,
        (k, pods) -> {
          pods.remove(placed.pod().uid());
          return pods.isEmpty() ? null : pods;
        });
  }

  private void tally(Placed placed, int by) {
    tallies.forEachThatMayMean(
        placed.pod().namespace(),
        (question, tally) -> {
          if (question.means(placed.pod(), namespaces)) {
            tally.add(placed.node(), by);
          }
        });
    for (Held term : heldBy(placed.pod())) {
      Map<Held, Tally> kind = held.computeIfAbsent(term.kind(), k -> new HashMap<>());
      Tally tally = kind.computeIfAbsent(term, t -> new Tally(nodeLabels));
      tally.add(placed.node(), by);
      if (tally.isEmpty()) {
        kind.remove(term);
      }
    }
  }

  private static List<Held> heldBy(PodRequest pod) {
    PodAffinity affinity = pod.affinity();
    if (affinity.isEmpty()) {
      return List.of();
    }
    List<Held> terms = new ArrayList<>();
    affinity.required().forEach(term -> terms.add(new Held(Held.Kind.REQUIRED, term, 0)));
    affinity.requiredAnti().forEach(term -> terms.add(new Held(Held.Kind.REQUIRED_ANTI, term, 0)));
    affinity
        .preferred()
        .forEach(p -> terms.add(new Held(Held.Kind.PREFERRED, p.term(), p.weight())));
    affinity
        .preferredAnti()
        .forEach(p -> terms.add(new Held(Held.Kind.PREFERRED, p.term(), -p.weight())));
    return terms;
  }
}
