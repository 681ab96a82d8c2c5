package dev.ensemble.core.controller.cleanup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.entity.ObjectCommand.Propagation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Removes pods by force that no agent will ever confirm: those of nodes that are gone, those that
 * are deleted before they were placed, and the oldest finished ones above a limit.
 */
public final class PodGarbage {
  /** A node may be registered again in a moment (upstream's quarantine time). */
  static final Duration QUARANTINE = Duration.ofSeconds(40);

  /** So many pods in one pass; the sweep comes again. */
  static final int BURST = 500;

  private PodGarbage() {}

  /**
   * All that a sweep may look at.
   *
   * @param goneSince for each node name that pods still have and no Node has, when that was first
   *     seen
   * @param finishedMax finished pods above this number are removed, oldest first
   */
  public record View(
      List<PodFacts> pods, Set<String> nodes, Map<String, Instant> goneSince, int finishedMax) {
    public View {
      pods = List.copyOf(pods);
      nodes = Set.copyOf(nodes);
      goneSince = Map.copyOf(goneSince);
    }
  }

  public static Plan sweep(View view, Instant now) {
    List<Action> actions = new ArrayList<>();
    List<PodFacts> oldestFirst =
        view.pods().stream()
            .sorted(
                Comparator.comparing((PodFacts pod) -> pod.meta().created())
                    .thenComparing(pod -> pod.meta().namespace())
                    .thenComparing(pod -> pod.meta().name()))
            .toList();
    long tooMany =
        oldestFirst.stream().filter(PodFacts::finished).count() - Math.max(0, view.finishedMax());
    for (PodFacts pod : oldestFirst) {
      if (actions.size() >= BURST) {
        break;
      }
      if (pod.finished() && tooMany > 0) {
        tooMany--;
        actions.add(remove(pod));
      } else if (orphaned(pod, view, now)) {
        fail(pod).ifPresent(actions::add);
        actions.add(remove(pod));
      } else if (pod.node().isEmpty() && pod.meta().deleting().isPresent()) {
        actions.add(remove(pod));
      }
    }
    return Plan.of(actions);
  }

  private static boolean orphaned(PodFacts pod, View view, Instant now) {
    if (pod.node().isEmpty() || view.nodes().contains(pod.node())) {
      return false;
    }
    Instant since = view.goneSince().getOrDefault(pod.node(), now);
    return !since.plus(QUARANTINE).isAfter(now);
  }

  /** Finalizers may hold the pod; whoever waits for it should see that it has ended. */
  private static Optional<Action> fail(PodFacts pod) {
    if (pod.finished()) {
      return Optional.empty();
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("status").put("phase", "Failed");
    return Optional.of(new Action.Amend(pod.meta().key(), pod.meta().uid(), patch));
  }

  private static Action remove(PodFacts pod) {
    return new Action.Delete(
        pod.meta().key(),
        pod.meta().uid(),
        OptionalLong.of(0),
        Propagation.BACKGROUND,
        Optional.empty());
  }
}
