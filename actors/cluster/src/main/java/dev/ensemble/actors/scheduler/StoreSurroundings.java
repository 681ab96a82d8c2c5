package dev.ensemble.actors.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.scheduling.Controller;
import dev.ensemble.core.scheduling.DefaultSpread;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.SpreadConstraint;
import dev.ensemble.core.selector.LabelSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a scheduler's surroundings from the views. What it has parsed it keeps, up to a limit. */
final class StoreSurroundings implements Surroundings {
  private static final int KEPT_MAX = 10_000;
  private static final ResourceName NAMESPACES = ResourceName.parse("namespaces");
  private static final ResourceName SERVICES = ResourceName.parse("services");
  private static final ResourceName REPLICA_SETS = ResourceName.parse("replicasets.apps");

  private final ObjectStore store;

  /** As the scheduler was last told: counts were made by these. */
  private final Map<String, Map<String, String>> namespaces = new Kept<>();

  private final Map<StoredObject, Map<String, String>> services = new Kept<>();

  /** By uid: the selector of a controller never changes. */
  private final Map<String, LabelSelector> controllers = new Kept<>();

  private static final class Kept<K, V> extends LinkedHashMap<K, V> {
    Kept() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > KEPT_MAX;
    }
  }

  StoreSurroundings(ObjectStore store) {
    this.store = store;
  }

  /** The namespace was changed: what is known of it is not true any more. */
  void namespaceChanged(String name) {
    namespaces.remove(name);
  }

  /** Any namespace may have changed. */
  void namespacesChanged() {
    namespaces.clear();
  }

  @Override
  public Map<String, String> labels(String namespace) {
    return namespaces.computeIfAbsent(
        namespace,
        name ->
            store
                .view(NAMESPACES)
                .snapshot()
                .get("", name)
                .map(StoredObject::labels)
                .orElse(Map.of()));
  }

  @Override
  public List<SpreadConstraint> defaultSpread(PodRequest pod) {
    Optional<LabelSelector> controller = pod.controller().flatMap(c -> selector(pod, c));
    return DefaultSpread.of(pod, servicesOf(pod), controller);
  }

  private List<Map<String, String>> servicesOf(PodRequest pod) {
    List<Map<String, String>> found = new ArrayList<>();
    Snapshot snapshot = store.view(SERVICES).snapshot();
    for (StoredObject service : snapshot.inNamespace(pod.namespace())) {
      Map<String, String> selector =
          services.computeIfAbsent(service, s -> strings(s.tree().path("spec").path("selector")));
      if (!selector.isEmpty() && pod.labels().entrySet().containsAll(selector.entrySet())) {
        found.add(selector);
      }
    }
    return found;
  }

  private Optional<LabelSelector> selector(PodRequest pod, Controller controller) {
    if (!controller.kind().equals("ReplicaSet") || !controller.group().equals("apps")) {
      return Optional.empty();
    }
    LabelSelector known = controllers.get(controller.uid());
    if (known != null) {
      return Optional.of(known);
    }
    Optional<LabelSelector> read =
        store
            .view(REPLICA_SETS)
            .snapshot()
            .get(pod.namespace(), controller.name())
            .filter(object -> object.uid().equals(controller.uid()))
            .map(object -> LabelSelector.fromObject(object.tree().path("spec").path("selector")));
    read.ifPresent(selector -> controllers.put(controller.uid(), selector));
    return read;
  }

  private static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new HashMap<>();
    object.fields().forEachRemaining(e -> strings.put(e.getKey(), e.getValue().asText()));
    return Map.copyOf(strings);
  }
}
