package dev.ensemble.actors.entity;

import akka.actor.typed.Behavior;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.actors.view.HeldBytes;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType.Secrecy;
import dev.ensemble.core.resource.ResourceTypes;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What all entities of a process share.
 *
 * @param residents by resource; kinds without one have no active part
 * @param heldBytes says when there is no room for more objects
 * @param store asked for late, because the store is made of entities
 */
public record EntityParts(
    ResourceTypes types,
    Map<ResourceName, Resident> residents,
    Supplier<ObjectStore> store,
    HeldBytes heldBytes,
    EntityMetrics metrics) {
  public EntityParts {
    residents = Map.copyOf(residents);
  }

  Secrecy secrecyOf(ResourceName resource) {
    return types
        .byName(resource)
        .orElseThrow(() -> new IllegalStateException("an entity of an unknown type " + resource))
        .secrecy();
  }

  Optional<Behavior<ResidentMessage>> residentOf(ObjectKey key) {
    return Optional.ofNullable(residents.get(key.resource()))
        .map(resident -> resident.create(key, store.get()));
  }
}
