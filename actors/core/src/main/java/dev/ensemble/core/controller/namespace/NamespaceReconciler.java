package dev.ensemble.core.controller.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives a new namespace its default ServiceAccount and the cluster's root certificates, and empties
 * one that is being deleted: everything in it is asked to go, and when nothing is left the
 * finalizer {@code kubernetes} is taken off {@code spec.finalizers}.
 */
public final class NamespaceReconciler {
  public static final ResourceName NAMESPACES = new ResourceName("", "namespaces");
  public static final ResourceName SERVICE_ACCOUNTS = new ResourceName("", "serviceaccounts");
  public static final ResourceName CONFIG_MAPS = new ResourceName("", "configmaps");
  public static final String ROOT_CONFIG_MAP = "kube-root-ca.crt";
  public static final String COMPONENT = "namespace-controller";

  /** So many deletions in one pass; the rest follow as these are done. */
  static final int BURST = 500;

  /** Contents that go by themselves (finalizers, graceful pods) wake us; this is for safety. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

  private static final String FINALIZER = "kubernetes";

  private NamespaceReconciler() {}

  public static Plan reconcile(NamespaceView view, Instant now) {
    ObjectFacts self = ObjectFacts.of(NAMESPACES, view.namespace());
    if (self.deleting().isEmpty()) {
      return Plan.of(furnish(self.name(), view));
    }
    return empty(self, view, now);
  }

  private static List<Action> furnish(String namespace, NamespaceView view) {
    List<Action> actions = new ArrayList<>();
    if (find(view, SERVICE_ACCOUNTS, "default").isEmpty()) {
      ObjectNode account = object("v1", "ServiceAccount", namespace, "default");
      actions.add(new Action.Create(SERVICE_ACCOUNTS, account, Optional.empty()));
    }
    if (view.rootCertificates().isEmpty()) {
      return actions;
    }
    Optional<ObjectFacts> published = find(view, CONFIG_MAPS, ROOT_CONFIG_MAP);
    if (published.isEmpty()) {
      ObjectNode map = object("v1", "ConfigMap", namespace, ROOT_CONFIG_MAP);
      map.withObject("/metadata/annotations")
          .put(
              "kubernetes.io/description",
              "Root certificates by which clients in pods verify the API server.");
      map.putObject("data").put("ca.crt", view.rootCertificates());
      actions.add(new Action.Create(CONFIG_MAPS, map, Optional.empty()));
    } else if (!view.rootConfigMapCurrent()) {
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      patch.putObject("data").put("ca.crt", view.rootCertificates());
      actions.add(new Action.Amend(published.get().key(), published.get().uid(), patch));
    }
    return actions;
  }

  private static Optional<ObjectFacts> find(
      NamespaceView view, ResourceName resource, String name) {
    return view.contents().stream()
        .filter(object -> object.resource().equals(resource) && object.name().equals(name))
        .findFirst();
  }

  private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name).put("namespace", namespace);
    return object;
  }

  private static Plan empty(ObjectFacts self, NamespaceView view, Instant now) {
    List<Action> actions = new ArrayList<>();
    JsonNode before = view.namespace().path("status");
    ObjectNode status = before.isObject() ? before.deepCopy() : object();
    status.put("phase", "Terminating");
    describe(Conditions.of(before), view, now).into(status);
    if (!status.equals(before)) {
      actions.add(new Action.ReportStatus(self.key(), self.uid(), status));
    }
    view.contents().stream()
        .filter(object -> object.deleting().isEmpty())
        .sorted(Comparator.comparing(ObjectFacts::resource).thenComparing(ObjectFacts::name))
        .limit(BURST)
        .forEach(object -> actions.add(Action.Delete.of(object.key(), object.uid())));
    if (view.contents().isEmpty() && view.unreadable().isEmpty()) {
      letGo(self, view).ifPresent(actions::add);
      return Plan.of(actions);
    }
    return new Plan(actions, Optional.of(LOOK_AGAIN));
  }

  private static Optional<Action> letGo(ObjectFacts self, NamespaceView view) {
    JsonNode finalizers = view.namespace().path("spec").path("finalizers");
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    finalizers.forEach(
        finalizer -> {
          if (!finalizer.asText().equals(FINALIZER)) {
            kept.add(finalizer);
          }
        });
    if (kept.size() == finalizers.size()) {
      return Optional.empty();
    }
    ObjectNode patch = object();
    if (kept.isEmpty()) {
      patch.putObject("spec").putNull("finalizers");
    } else {
      patch.putObject("spec").set("finalizers", kept);
    }
    return Optional.of(new Action.Amend(self.key(), self.uid(), patch));
  }

  private static Conditions describe(Conditions conditions, NamespaceView view, Instant now) {
    if (view.unreadable().isEmpty()) {
      put(
          conditions,
          "NamespaceDeletionDiscoveryFailure",
          "False",
          "ResourcesDiscovered",
          "All resources successfully discovered",
          now);
    } else {
      put(
          conditions,
          "NamespaceDeletionDiscoveryFailure",
          "True",
          "DiscoveryFailed",
          "Discovery failed for some groups, "
              + view.unreadable().size()
              + " failing: "
              + String.join(", ", view.unreadable().stream().sorted().toList()),
          now);
    }
    put(
        conditions,
        "NamespaceDeletionGroupVersionParsingFailure",
        "False",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
        now);
    put(
        conditions,
        "NamespaceDeletionContentFailure",
        "False",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
        now);
    remaining(conditions, view, now);
    finalizers(conditions, view, now);
    return conditions;
  }

  private static void remaining(Conditions conditions, NamespaceView view, Instant now) {
    Map<String, Integer> counts = new TreeMap<>();
    view.contents().forEach(object -> counts.merge(object.resource().toString(), 1, Integer::sum));
    if (counts.isEmpty()) {
      put(
          conditions,
          "NamespaceContentRemaining",
          "False",
          "ContentRemoved",
          "All content successfully removed",
          now);
      return;
    }
    List<String> parts = new ArrayList<>();
    counts.forEach(
        (resource, count) -> parts.add(resource + " has " + count + " resource instances"));
    put(
        conditions,
        "NamespaceContentRemaining",
        "True",
        "SomeResourcesRemain",
        "Some resources are remaining: " + String.join(", ", parts),
        now);
  }

  private static void finalizers(Conditions conditions, NamespaceView view, Instant now) {
    Map<String, Integer> counts = new TreeMap<>();
    view.contents()
        .forEach(
            object -> object.finalizers().forEach(name -> counts.merge(name, 1, Integer::sum)));
    if (counts.isEmpty()) {
      put(
          conditions,
          "NamespaceFinalizersRemaining",
          "False",
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
          now);
      return;
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((name, count) -> parts.add(name + " in " + count + " resource instances"));
    put(
        conditions,
        "NamespaceFinalizersRemaining",
        "True",
        "SomeFinalizersRemain",
        "Some content in the namespace has finalizers remaining: " + String.join(", ", parts),
        now);
  }

  private static void put(
      Conditions conditions,
      String type,
      String status,
      String reason,
      String message,
      Instant now) {
    Optional<ObjectNode> before = conditions.find(type);
    if (before
        .filter(found -> found.path("status").asText().equals(status))
        .filter(found -> found.path("message").asText().equals(message))
        .isPresent()) {
      return;
    }
    String since =
        before
            .filter(found -> found.path("status").asText().equals(status))
            .map(found -> found.path("lastTransitionTime").asText())
            .orElse(Conditions.written(now));
    conditions.put(
        Conditions.condition(type, status, reason, message).put("lastTransitionTime", since));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
