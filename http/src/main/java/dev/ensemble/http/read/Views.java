package dev.ensemble.http.read;

import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceTypes;
import java.util.List;
import java.util.Optional;

/** Views of resources that may not be served here: what is not stored is empty. */
public record Views(ObjectStore store, ResourceTypes types) {
  public Optional<StoredObject> find(ResourceName resource, String namespace, String name) {
    return snapshot(resource).flatMap(snapshot -> snapshot.get(namespace, name));
  }

  public Iterable<StoredObject> all(ResourceName resource) {
    return snapshot(resource).<Iterable<StoredObject>>map(Snapshot::all).orElse(List.of());
  }

  public Iterable<StoredObject> inNamespace(ResourceName resource, String namespace) {
    return snapshot(resource)
        .<Iterable<StoredObject>>map(snapshot -> snapshot.inNamespace(namespace))
        .orElse(List.of());
  }

  private Optional<Snapshot> snapshot(ResourceName resource) {
    return types.byName(resource).map(type -> store.view(resource).snapshot());
  }
}
