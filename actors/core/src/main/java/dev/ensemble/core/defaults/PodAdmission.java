package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;

/**
 * What upstream's admission plugins that are always on do to a pod that is created, as far as no
 * other object is needed: the service account's name, DefaultTolerationSeconds and Priority (no
 * priority classes). Run after defaulting and before validation.
 */
public final class PodAdmission {
  /** How long a pod stays bound to a node that is not ready or not reachable. */
  private static final int TOLERATION_SECONDS = 300;

  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private PodAdmission() {}

  public static void create(ObjectNode pod) {
    ObjectNode spec = Fields.ensureObject(pod, "spec");
    boolean mirror = pod.path("metadata").path("annotations").has(MIRROR);
    if (!mirror) {
      Fields.defaultText(spec, "serviceAccountName", "default");
      PodDefaults.account(spec);
    }
    if (!tolerates(spec, NOT_READY)) {
      add(spec, NOT_READY);
    }
    if (!tolerates(spec, UNREACHABLE)) {
      add(spec, UNREACHABLE);
    }
    if (Fields.text(spec, "priorityClassName").isEmpty()) {
      Fields.defaultNumber(spec, "priority", 0);
      Fields.defaultText(spec, "preemptionPolicy", "PreemptLowerPriority");
    }
  }

  private static boolean tolerates(JsonNode spec, String taint) {
    for (JsonNode toleration : Fields.items(spec, "tolerations")) {
      String key = Fields.text(toleration, "key");
      String effect = Fields.text(toleration, "effect");
      if ((key.isEmpty() || key.equals(taint))
          && (effect.isEmpty() || effect.equals("NoExecute"))) {
        return true;
      }
    }
    return false;
  }

  private static void add(ObjectNode spec, String taint) {
    ObjectNode toleration = spec.withArray("tolerations").addObject();
    toleration.put("key", taint).put("operator", "Exists").put("effect", "NoExecute");
    toleration.put("tolerationSeconds", TOLERATION_SECONDS);
  }
}
