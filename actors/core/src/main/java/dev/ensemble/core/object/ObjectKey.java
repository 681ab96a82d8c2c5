package dev.ensemble.core.object;

import java.util.Objects;

/** Names one object. The namespace is empty for objects that are not in one. */
public record ObjectKey(ResourceName resource, String namespace, String name) {
  public ObjectKey {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(namespace, "namespace");
    if (name.isEmpty() || name.indexOf('/') >= 0 || namespace.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not an object's name: '" + namespace + "/" + name + "'");
    }
  }

  public static ObjectKey of(String resource, String namespace, String name) {
    return new ObjectKey(ResourceName.parse(resource), namespace, name);
  }

  /**
   * The entity's id, {@code resource.group/namespace/name}; the namespace part is empty for
   * cluster-wide objects.
   */
  public String entityId() {
    return resource + "/" + namespace + "/" + name;
  }

  /** Reads what {@link #entityId} writes. */
  public static ObjectKey parse(String entityId) {
    int first = entityId.indexOf('/');
    int second = entityId.indexOf('/', first + 1);
    if (first < 0 || second < 0) {
      throw new IllegalArgumentException("not an entity id: '" + entityId + "'");
    }
    return new ObjectKey(
        ResourceName.parse(entityId.substring(0, first)),
        entityId.substring(first + 1, second),
        entityId.substring(second + 1));
  }

  @Override
  public String toString() {
    return entityId();
  }
}
