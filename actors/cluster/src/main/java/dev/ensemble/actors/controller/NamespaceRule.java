package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.controller.namespace.NamespaceReconciler;
import dev.ensemble.core.controller.namespace.NamespaceView;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Gathers what a Namespace's pass looks at. */
final class NamespaceRule implements Rule {
  private final ControllerParts parts;

  NamespaceRule(ControllerParts parts) {
    this.parts = parts;
  }

  @Override
  public String controller() {
    return NamespaceReconciler.COMPONENT;
  }

  @Override
  public Plan plan(ObjectKey key, ObjectStore store, Optional<Setback> setback, Instant now) {
    Optional<StoredObject> stored =
        store.view(NamespaceReconciler.NAMESPACES).snapshot().get("", key.name());
    if (stored.isEmpty()) {
      return Plan.NOTHING;
    }
    ObjectNode namespace = stored.get().tree();
    String certificates = parts.rootCertificates().get();
    List<ObjectFacts> contents = new ArrayList<>();
    Set<String> unreadable = new TreeSet<>();
    boolean current = true;
    if (namespace.path("metadata").has("deletionTimestamp")) {
      for (ResourceType type : parts.types().get().stored()) {
        if (type.namespaced()) {
          gather(type.name(), key.name(), store, contents, unreadable);
        }
      }
    } else {
      find(NamespaceReconciler.SERVICE_ACCOUNTS, key.name(), "default", store)
          .ifPresent(account -> contents.add(facts(NamespaceReconciler.SERVICE_ACCOUNTS, account)));
      Optional<StoredObject> map =
          find(
              NamespaceReconciler.CONFIG_MAPS,
              key.name(),
              NamespaceReconciler.ROOT_CONFIG_MAP,
              store);
      map.ifPresent(found -> contents.add(facts(NamespaceReconciler.CONFIG_MAPS, found)));
      current =
          map.filter(
                  found -> found.tree().path("data").path("ca.crt").asText().equals(certificates))
              .isPresent();
    }
    return NamespaceReconciler.reconcile(
        new NamespaceView(namespace, contents, unreadable, certificates, current), now);
  }

  private static void gather(
      ResourceName resource,
      String namespace,
      ObjectStore store,
      List<ObjectFacts> contents,
      Set<String> unreadable) {
    try {
      for (StoredObject object : store.view(resource).snapshot().inNamespace(namespace)) {
        contents.add(facts(resource, object));
      }
    } catch (RuntimeException notReadable) {
      unreadable.add(resource.toString());
    }
  }

  private static ObjectFacts facts(ResourceName resource, StoredObject object) {
    return ObjectFacts.of(resource, object.tree());
  }

  private static Optional<StoredObject> find(
      ResourceName resource, String namespace, String name, ObjectStore store) {
    return store.view(resource).snapshot().get(namespace, name);
  }
}
