package dev.ensemble.core.controller.deployment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The annotations by which kubectl knows rollouts: revisions, their history, wanted sizes. */
final class Revisions {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String MAX = "deployment.kubernetes.io/max-replicas";

  /** Upstream's limit for the history annotation, in characters; the oldest fall out. */
  private static final int HISTORY_LENGTH_MAX = 2000;

  private static final Set<String> NOT_COPIED =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          HISTORY,
          DESIRED,
          MAX,
          "deprecated.deployment.rollback.to");

  private Revisions() {}

  static long of(Map<String, String> annotations) {
    try {
      return Long.parseLong(annotations.getOrDefault(REVISION, "0"));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }

  static long highest(List<ReplicaSetFacts> sets) {
    return sets.stream().mapToLong(set -> of(set.meta().annotations())).max().orElse(0);
  }

  /** What the new ReplicaSet's annotations should be, given those it has. */
  static Map<String, String> forNewSet(
      Map<String, String> deployment, Map<String, String> present, long revision) {
    Map<String, String> wanted = new LinkedHashMap<>(present);
    deployment.forEach(
        (name, value) -> {
          if (!NOT_COPIED.contains(name)) {
            wanted.put(name, value);
          }
        });
    long before = of(present);
    if (before < revision) {
      wanted.put(REVISION, Long.toString(revision));
      if (present.containsKey(REVISION)) {
        wanted.put(HISTORY, longerHistory(present.getOrDefault(HISTORY, ""), before));
      }
    }
    return wanted;
  }

  private static String longerHistory(String history, long revision) {
    List<String> revisions = new ArrayList<>();
    if (!history.isEmpty()) {
      revisions.addAll(List.of(history.split(",", -1)));
    }
    revisions.add(Long.toString(revision));
    String joined = String.join(",", revisions);
    while (joined.length() > HISTORY_LENGTH_MAX) {
      revisions.remove(0);
      joined = String.join(",", revisions);
    }
    return joined;
  }

  static Map<String, String> sizes(DeploymentSpec spec) {
    Map<String, String> sizes = new LinkedHashMap<>();
    sizes.put(DESIRED, Integer.toString(spec.replicas()));
    sizes.put(MAX, Integer.toString(spec.maxReplicas()));
    return sizes;
  }

  /** A merge patch with those of {@code wanted} that {@code present} has not; may be empty. */
  static ObjectNode patch(Map<String, String> present, Map<String, String> wanted) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    wanted.forEach(
        (name, value) -> {
          if (!value.equals(present.get(name))) {
            patch.withObject("/metadata/annotations").put(name, value);
          }
        });
    return patch;
  }
}
