package dev.ensemble.core.resource;

import dev.ensemble.core.object.ResourceName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All resource types that are served, looked up by path or by kind. Immutable; a new table replaces
 * an old one.
 */
public final class ResourceTypes {
  private final Map<String, ResourceType> byPath = new LinkedHashMap<>();
  private final Map<String, ResourceType> byKind = new LinkedHashMap<>();
  private final Map<ResourceName, ResourceType> byName = new LinkedHashMap<>();
  private final List<VirtualResource> virtual;
  private final Map<String, Face> faces;
  private final Map<String, Subresource> subresources;
  private final Set<String> apiVersions;

  public ResourceTypes(List<ResourceType> types) {
    this(types, List.of(), Map.of(), Map.of(), Set.of());
  }

  /**
   * @param faces by {@code apiVersion/plural}
   * @param subresources what each subresource's name stands for; entries with the version {@code .}
   *     have their parent's kind
   * @param apiVersions those to serve even if nothing is stored in them
   */
  public ResourceTypes(
      List<ResourceType> types,
      List<VirtualResource> virtual,
      Map<String, Face> faces,
      Map<String, Subresource> subresources,
      Set<String> apiVersions) {
    this.virtual = List.copyOf(virtual);
    this.faces = Map.copyOf(faces);
    this.subresources = Map.copyOf(subresources);
    this.apiVersions = new LinkedHashSet<>(apiVersions);
    for (ResourceType type : types) {
      if (byPath.put(type.apiVersion() + "/" + type.plural(), type) != null) {
        throw new IllegalArgumentException(
            "two types are served at " + type.apiVersion() + "/" + type.plural());
      }
      byKind.put(type.apiVersion() + "/" + type.kind(), type);
      if (face(type).isEmpty()) {
        byName.putIfAbsent(type.name(), type);
      }
      this.apiVersions.add(type.apiVersion());
    }
    virtual.forEach(resource -> this.apiVersions.add(resource.kind().apiVersion()));
  }

  /** Finds by {@code v1} or {@code apps/v1} and the plural name in the path. */
  public Optional<ResourceType> byPath(String apiVersion, String plural) {
    return Optional.ofNullable(byPath.get(apiVersion + "/" + plural));
  }

  public Optional<ResourceType> byKind(String apiVersion, String kind) {
    return Optional.ofNullable(byKind.get(apiVersion + "/" + kind));
  }

  /** The stored version of a resource; empty for a resource that is only a face of another. */
  public Optional<ResourceType> byName(ResourceName name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Every type that is served, faces included. */
  public Collection<ResourceType> all() {
    return List.copyOf(byPath.values());
  }

  /** One type for each stored resource: what has entities, a ledger and a view. */
  public Collection<ResourceType> stored() {
    return List.copyOf(byName.values());
  }

  /** How a served type relates to what is stored; empty if it is stored as it is served. */
  public Optional<Face> face(ResourceType type) {
    return Optional.ofNullable(faces.get(type.apiVersion() + "/" + type.plural()));
  }

  /** The resource whose entities own the objects of a served type. */
  public ResourceName storedName(ResourceType type) {
    return face(type).map(Face::stored).orElseGet(type::name);
  }

  public List<VirtualResource> virtual() {
    return virtual;
  }

  public Optional<VirtualResource> virtualByPath(String apiVersion, String plural) {
    return virtual.stream()
        .filter(r -> r.kind().apiVersion().equals(apiVersion) && r.plural().equals(plural))
        .findFirst();
  }

  /** Finds what is served below objects of a type; empty if it has no such subresource. */
  public Optional<Subresource> subresource(ResourceType type, String name) {
    return type.subresources().contains(name)
        ? Optional.ofNullable(subresources.get(name))
            .map(entry -> ResourceText.resolve(entry, type))
        : Optional.empty();
  }

  /** All versions of all groups that are served, in the order of the table. */
  public List<String> apiVersions() {
    return List.copyOf(apiVersions);
  }
}
