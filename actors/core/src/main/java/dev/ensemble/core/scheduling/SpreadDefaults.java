package dev.ensemble.core.scheduling;

import java.util.List;

/** How pods that name no topology spread constraint are spread: by preference only. */
@FunctionalInterface
public interface SpreadDefaults {
  /** Empty when nothing is known that the pod belongs to. */
  List<SpreadConstraint> of(PodRequest pod);
}
