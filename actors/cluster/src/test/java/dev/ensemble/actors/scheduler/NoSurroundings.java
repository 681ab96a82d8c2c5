package dev.ensemble.actors.scheduler;

import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.SpreadConstraint;
import java.util.List;
import java.util.Map;

/** A world of pods and nodes alone. */
final class NoSurroundings implements Surroundings {
  @Override
  public Map<String, String> labels(String namespace) {
    return Map.of();
  }

  @Override
  public List<SpreadConstraint> defaultSpread(PodRequest pod) {
    return List.of();
  }
}
