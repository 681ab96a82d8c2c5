package dev.ensemble.core.scheduling;

import dev.ensemble.core.scheduling.PlacedPods.Counted;
import dev.ensemble.core.scheduling.PodScope.NamespaceLabels;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The counts that were asked for, found again by question or by the namespace of a pod that they
 * may count. Those asked for longest ago fall out. Not safe for several threads.
 */
final class Tallies {
  private static final int MOST = 4096;

  /** For questions that do not name their namespaces. */
  private static final String ANY = "";

  private final Map<Question, Tally> tallies = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Map<Question, Tally>> byNamespace = new HashMap<>();

  /** Which pods are counted: those that all scopes mean. */
  record Question(List<PodScope> scopes, Counted counted) {
    boolean means(PodRequest pod, NamespaceLabels namespaces) {
      if (counted == Counted.STAYING && pod.terminating()) {
        return false;
      }
      for (PodScope scope : scopes) {
        if (!scope.matches(pod, namespaces)) {
          return false;
        }
      }
      return true;
    }

    boolean covers(String namespace, NamespaceLabels namespaces) {
      for (PodScope scope : scopes) {
        if (!scope.covers(namespace, namespaces)) {
          return false;
        }
      }
      return true;
    }

    boolean selectsNamespaces() {
      return scopes.stream().anyMatch(scope -> !scope.namespaceSelector().isNothing());
    }

    private Set<String> namespaces() {
      return selectsNamespaces() ? Set.of(ANY) : scopes.get(0).namespaces();
    }
  }

  Tally get(Question question, Function<Question, Tally> otherwise) {
    Tally known = tallies.get(question);
    if (known != null) {
      return known;
    }
    Tally made = otherwise.apply(question);
    tallies.put(question, made);
    for (String namespace : question.namespaces()) {
      byNamespace.computeIfAbsent(namespace, n -> new HashMap<>()).put(question, made);
    }
    if (tallies.size() > MOST) {
      Iterator<Question> eldest = tallies.keySet().iterator();
      Question out = eldest.next();
      eldest.remove();
      unlink(out);
    }
    return made;
  }

  void forEachThatMayMean(String namespace, BiConsumer<Question, Tally> action) {
    byNamespace.getOrDefault(namespace, Map.of()).forEach(action);
    byNamespace.getOrDefault(ANY, Map.of()).forEach(action);
  }

  void forEach(BiConsumer<Question, Tally> action) {
    tallies.forEach(action);
  }

  void removeIf(Predicate<Question> unwanted) {
    for (Iterator<Question> each = tallies.keySet().iterator(); each.hasNext(); ) {
      Question question = each.next();
      if (unwanted.test(question)) {
        each.remove();
        unlink(question);
      }
    }
  }

  private void unlink(Question question) {
    for (String namespace : question.namespaces()) {
      byNamespace.computeIfPresent(
          namespace,
          (n, questions) -> {
            questions.remove(question);
            return questions.isEmpty() ? null : questions;
          });
    }
  }
}
