package dev.ensemble.http.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.defaults.PodAdmission;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.status.Statuses;
import java.util.Map;
import java.util.Optional;

/**
 * Completes new pods from other objects: priority classes, the service account's pull secrets; then
 * what needs no other object.
 */
public final class PodAdmissions implements Admission {
  private static final ResourceName PODS = ResourceName.parse("pods");
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
      ObjectNode spec = change.object().withObject("/spec");
      priority(change, spec);
      pullSecrets(change, spec);
      PodAdmission.create(change.object());
    }
    return Release.NOTHING;
  }

  private void priority(Change change, ObjectNode spec) {
    String name = spec.path("priorityClassName").asText("");
    if (name.isEmpty()) {
      Optional<JsonNode> global = globalDefault();
      if (global.isEmpty()) {
        return;
      }
      spec.put("priorityClassName", global.get().path("metadata").path("name").asText());
      set(spec, global.get());
      return;
    }
    Optional<StoredObject> found = views.find(CLASSES, "", name);
    if (found.isPresent()) {
      set(spec, found.get().tree());
    } else if (BUILT_IN.containsKey(name)) {
      spec.put("priority", BUILT_IN.get(name));
      spec.put("preemptionPolicy", "PreemptLowerPriority");
    } else {
      throw Statuses.forbidden(
          PODS,
          change.object().path("metadata").path("name").asText(),
          "no PriorityClass with name " + name + " was found");
    }
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

  private void pullSecrets(Change change, ObjectNode spec) {
    if (spec.path("imagePullSecrets").size() > 0) {
      return;
    }
    String account = spec.path("serviceAccountName").asText("default");
    views
        .find(ACCOUNTS, change.namespace(), account)
        .map(found -> found.tree().path("imagePullSecrets"))
        .filter(secrets -> secrets.size() > 0)
        .ifPresent(secrets -> spec.set("imagePullSecrets", secrets));
  }
}
