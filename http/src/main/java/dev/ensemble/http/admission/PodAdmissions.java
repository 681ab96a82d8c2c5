package dev.ensemble.http.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.defaults.PodAdmission;
import dev.ensemble.core.defaults.TokenMount;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.status.Statuses;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Completes new pods from other objects: priority classes, the service account with its token and
 * pull secrets; and with what needs no other object.
 */
public final class PodAdmissions implements Admission {
  private static final ResourceName PODS = ResourceName.parse("pods");
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String DEFAULT_ACCOUNT = "default";
  private static final ResourceName CLASSES =
      ResourceName.parse("priorityclasses.scheduling.k8s.io");
  private static final ResourceName ACCOUNTS = ResourceName.parse("serviceaccounts");

  /** The classes that every cluster has. */
  private static final Map<String, Integer> BUILT_IN =
      Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

  private final Views views;

  public PodAdmissions(Views views) {
    this.views = views;
  }

  @Override
  public Release admit(Change change) {
    if (change.of("pods") && change.old().isEmpty()) {
      complete(change.namespace(), change.object())
          .ifPresent(
              refusal -> {
                throw Statuses.forbidden(
                    PODS, change.object().path("metadata").path("name").asText(), refusal);
              });
    }
    return Release.NOTHING;
  }

  /** Changes the pod, whoever makes it; answers why it may not be. */
  public Optional<String> complete(String namespace, ObjectNode pod) {
    ObjectNode spec = pod.withObject("/spec");
    Optional<String> refusal = priority(spec);
    PodAdmission.create(pod);
    return refusal.or(() -> account(namespace, pod, spec));
  }

  private Optional<String> priority(ObjectNode spec) {
    String name = spec.path("priorityClassName").asText("");
    if (name.isEmpty()) {
      Optional<JsonNode> global = globalDefault();
      if (global.isEmpty()) {
        return Optional.empty();
      }
      spec.put("priorityClassName", global.get().path("metadata").path("name").asText());
      set(spec, global.get());
      return Optional.empty();
    }
    Optional<StoredObject> found = views.find(CLASSES, "", name);
    if (found.isPresent()) {
      set(spec, found.get().tree());
    } else if (BUILT_IN.containsKey(name)) {
      spec.put("priority", BUILT_IN.get(name));
      spec.put("preemptionPolicy", "PreemptLowerPriority");
    } else {
      return Optional.of("no PriorityClass with name " + name + " was found");
    }
    return Optional.empty();
  }

  private Optional<JsonNode> globalDefault() {
    for (StoredObject candidate : views.all(CLASSES)) {
      JsonNode tree = candidate.tree();
      if (tree.path("globalDefault").asBoolean(false)) {
        return Optional.of(tree);
      }
    }
    return Optional.empty();
  }

  private static void set(ObjectNode spec, JsonNode priorityClass) {
    spec.put("priority", priorityClass.path("value").asInt());
    spec.put(
        "preemptionPolicy", priorityClass.path("preemptionPolicy").asText("PreemptLowerPriority"));
  }

  /** The default account of a namespace that was made a moment ago may still be coming. */
  private Optional<String> account(String namespace, ObjectNode pod, ObjectNode spec) {
    if (pod.path("metadata").path("annotations").has(MIRROR)) {
      return Optional.empty();
    }
    String name = spec.path("serviceAccountName").asText();
    Optional<JsonNode> account =
        views.find(ACCOUNTS, namespace, name).map(found -> (JsonNode) found.tree());
    if (account.isEmpty() && !name.equals(DEFAULT_ACCOUNT)) {
      return Optional.of(
          "error looking up service account "
              + namespace
              + "/"
              + name
              + ": serviceaccount \""
              + name
              + "\" not found");
    }
    if (TokenMount.isWanted(spec, account)) {
      TokenMount.add(spec, ThreadLocalRandom.current()::nextInt);
    }
    if (spec.path("imagePullSecrets").isEmpty()) {
      account
          .map(found -> found.path("imagePullSecrets"))
          .filter(secrets -> !secrets.isEmpty())
          .ifPresent(secrets -> spec.set("imagePullSecrets", secrets.deepCopy()));
    }
    return Optional.empty();
  }
}
