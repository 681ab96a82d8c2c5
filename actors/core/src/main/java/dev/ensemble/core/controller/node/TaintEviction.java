package dev.ensemble.core.controller.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Deletes the pods of a node that do not tolerate its NoExecute taints, or not any longer: a
 * toleration with {@code tolerationSeconds} holds for that time from when the taint was added.
 */
public final class TaintEviction {
  public static final String COMPONENT = "taint-eviction-controller";

  /** A whole node may go; so many pods in one pass. */
  static final int BURST = 100;

  private TaintEviction() {}

  /**
   * All that a pass may look at.
   *
   * @param taints the node's {@code spec.taints}
   * @param pods of that node
   */
  public record View(List<JsonNode> taints, List<PodFacts> pods) {
    public View {
      taints = List.copyOf(taints);
      pods = List.copyOf(pods);
    }
  }

  public static Plan reconcile(View view, Instant now) {
    List<JsonNode> taints =
        view.taints().stream()
            .filter(taint -> taint.path("effect").asText().equals("NoExecute"))
            .toList();
    if (taints.isEmpty()) {
      return Plan.NOTHING;
    }
    List<Action> actions = new ArrayList<>();
    Optional<Duration> again = Optional.empty();
    List<PodFacts> pods =
        view.pods().stream()
            .filter(pod -> pod.meta().deleting().isEmpty())
            .sorted(
                Comparator.comparing((PodFacts pod) -> pod.meta().namespace())
                    .thenComparing(pod -> pod.meta().name()))
            .toList();
    for (PodFacts pod : pods) {
      Instant leaves = leaves(pod, taints, now);
      if (leaves.isAfter(now)) {
        again =
            leaves.equals(Instant.MAX)
                ? again
                : Plan.sooner(again, Optional.of(Duration.between(now, leaves)));
      } else if (actions.size() < 2 * BURST) {
        actions.add(
            new Action.Announce(
                Note.normal(
                    pod.meta().reference(),
                    "TaintManagerEviction",
                    "Marking for deletion Pod %s/%s"
                        .formatted(pod.meta().namespace(), pod.meta().name()),
                    COMPONENT)));
        actions.add(Action.Delete.of(pod.meta().key(), pod.meta().uid()));
      } else {
        again = Optional.of(Duration.ofSeconds(1));
      }
    }
    return new Plan(actions, again);
  }

  /** When the pod has to leave; {@link Instant#MAX} when it may stay. */
  private static Instant leaves(PodFacts pod, List<JsonNode> taints, Instant now) {
    Instant soonest = Instant.MAX;
    for (JsonNode taint : taints) {
      Instant added = ObjectFacts.time(taint.path("timeAdded")).orElse(now);
      Instant leaves = leaves(pod, taint, added);
      if (leaves.isBefore(soonest)) {
        soonest = leaves;
      }
    }
    return soonest;
  }

  private static Instant leaves(PodFacts pod, JsonNode taint, Instant added) {
    boolean tolerated = false;
    Instant soonest = Instant.MAX;
    for (JsonNode toleration : pod.tolerations()) {
      if (!tolerates(toleration, taint)) {
        continue;
      }
      tolerated = true;
      JsonNode seconds = toleration.path("tolerationSeconds");
      if (seconds.isNumber()) {
        Instant until = added.plusSeconds(Math.max(0, seconds.asLong()));
        soonest = until.isBefore(soonest) ? until : soonest;
      }
    }
    return tolerated ? soonest : added;
  }

  private static boolean tolerates(JsonNode toleration, JsonNode taint) {
    String effect = toleration.path("effect").asText();
    if (!effect.isEmpty() && !effect.equals(taint.path("effect").asText())) {
      return false;
    }
    String key = toleration.path("key").asText();
    boolean exists = toleration.path("operator").asText().equals("Exists");
    if (key.isEmpty()) {
      return exists;
    }
    return key.equals(taint.path("key").asText())
        && (exists || toleration.path("value").asText().equals(taint.path("value").asText()));
  }
}
