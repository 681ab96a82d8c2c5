package dev.ensemble.core.resource;

import dev.ensemble.core.object.ResourceName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All resource types that are served, looked up by path or by kind. Immutable; a new table replaces
 * an old one.
 */
public final class ResourceTypes {
  private final Map<String, ResourceType> byPath = new LinkedHashMap<>();
  private final Map<String, ResourceType> byKind = new LinkedHashMap<>();
  private final Map<ResourceName, ResourceType> byName = new LinkedHashMap<>();

  public ResourceTypes(List<ResourceType> types) {
    for (ResourceType type : types) {
      if (byPath.put(type.apiVersion() + "/" + type.plural(), type) != null) {
        throw new IllegalArgumentException(
            "two types are served at " + type.apiVersion() + "/" + type.plural());
      }
      byKind.put(type.apiVersion() + "/" + type.kind(), type);
      byName.putIfAbsent(type.name(), type);
    }
  }

  /** Finds by {@code v1} or {@code apps/v1} and the plural name in the path. */
  public Optional<ResourceType> byPath(String apiVersion, String plural) {
    return Optional.ofNullable(byPath.get(apiVersion + "/" + plural));
  }

  public Optional<ResourceType> byKind(String apiVersion, String kind) {
    return Optional.ofNullable(byKind.get(apiVersion + "/" + kind));
  }

  /** The stored version of a resource. */
  public Optional<ResourceType> byName(ResourceName name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Collection<ResourceType> all() {
    return List.copyOf(byPath.values());
  }
}
