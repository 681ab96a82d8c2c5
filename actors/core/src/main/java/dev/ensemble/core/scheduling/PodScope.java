package dev.ensemble.core.scheduling;

import dev.ensemble.core.selector.LabelSelector;
import java.util.Map;
import java.util.Set;

/**
 * Which pods a rule about other pods means.
 *
 * @param namespaces these, besides those that {@code namespaceSelector} selects
 * @param namespaceSelector by the labels of a namespace; often nothing
 */
public record PodScope(
    Set<String> namespaces, LabelSelector namespaceSelector, LabelSelector selector) {
  public PodScope {
    namespaces = Set.copyOf(namespaces);
  }

  /** The pods of one namespace that the selector selects. */
  public static PodScope inNamespace(String namespace, LabelSelector selector) {
    return new PodScope(Set.of(namespace), LabelSelector.nothing(), selector);
  }

  public boolean matches(PodRequest pod, NamespaceLabels labelled) {
    return selector.matches(pod.labels()) && covers(pod.namespace(), labelled);
  }

  /** Whether it means pods of the namespace at all. */
  public boolean covers(String namespace, NamespaceLabels labelled) {
    return namespaces.contains(namespace)
        || (!namespaceSelector.isNothing() && namespaceSelector.matches(labelled.of(namespace)));
  }

  /** The labels that namespaces have now. */
  @FunctionalInterface
  public interface NamespaceLabels {
    /** None when there is no such namespace. */
    Map<String, String> of(String namespace);

    /** As if no namespace had labels. */
    static NamespaceLabels none() {
      return namespace -> Map.of();
    }
  }
}
