package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodAction;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory;
import java.util.function.UnaryOperator;

/**
 * What an action changed. The changes are applied to what is known when it ends, since other
 * actions may have ended meanwhile.
 */
record Outcome(PodAction action, UnaryOperator<PodFacts> facts, UnaryOperator<PodMemory> memory) {
  static Outcome nothing(PodAction action) {
    return new Outcome(action, UnaryOperator.identity(), UnaryOperator.identity());
  }

  static Outcome facts(PodAction action, UnaryOperator<PodFacts> facts) {
    return new Outcome(action, facts, UnaryOperator.identity());
  }

  static Outcome memory(PodAction action, UnaryOperator<PodMemory> memory) {
    return new Outcome(action, UnaryOperator.identity(), memory);
  }
}
