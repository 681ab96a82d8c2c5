package dev.ensemble.actors.scheduler;

import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.SpreadConstraint;
import java.util.List;
import java.util.Map;

/** What a scheduler must know of other kinds than pods and nodes. */
interface Surroundings {
  /** The labels of a namespace; none when it is not there. */
  Map<String, String> labels(String namespace);

  /** How a pod is spread that names no constraint. */
  List<SpreadConstraint> defaultSpread(PodRequest pod);
}
