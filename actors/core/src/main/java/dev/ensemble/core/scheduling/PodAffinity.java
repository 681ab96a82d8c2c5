package dev.ensemble.core.scheduling;

import java.util.List;

/**
 * What a pod wants of the pods in its place: required terms must all hold, preferred ones count by
 * their weight.
 */
public record PodAffinity(
    List<PodTerm> required,
    List<PodTerm.Preferred> preferred,
    List<PodTerm> requiredAnti,
    List<PodTerm.Preferred> preferredAnti) {
  public static final PodAffinity NONE =
      new PodAffinity(List.of(), List.of(), List.of(), List.of());

  public PodAffinity {
    required = List.copyOf(required);
    preferred = List.copyOf(preferred);
    requiredAnti = List.copyOf(requiredAnti);
    preferredAnti = List.copyOf(preferredAnti);
  }

  public boolean isEmpty() {
    return required.isEmpty()
        && preferred.isEmpty()
        && requiredAnti.isEmpty()
        && preferredAnti.isEmpty();
  }
}
