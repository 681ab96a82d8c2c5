package dev.ensemble.core.resource;

import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.schema.Schema;
import java.util.List;
import java.util.Set;

/**
 * One row of the table of kinds: how a resource is named, shaped and served in one version.
 *
 * @param group API group, empty for the core group
 * @param version such as {@code v1}
 * @param plural lower-case plural, the path segment
 * @param singular lower-case singular, for kubectl
 * @param kind such as {@code Pod}
 * @param scope whether objects live in a namespace
 * @param shortNames kubectl's abbreviations
 * @param categories such as {@code all}
 * @param verbs what the collection and its objects answer, in order of the alphabet
 * @param subresources names served below an object: {@code status}, {@code scale}, {@code binding},
 *     {@code log}, …
 * @param schema the shape of the object
 * @param selectableFields paths that a field selector may name besides metadata.name and
 *     metadata.namespace
 * @param columns printed by {@code kubectl get}, in order
 * @param secrecy whether the journal seals the object's events
 */
public record ResourceType(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    Scope scope,
    List<String> shortNames,
    List<String> categories,
    List<String> verbs,
    Set<String> subresources,
    Schema.Struct schema,
    Set<String> selectableFields,
    List<Column> columns,
    Secrecy secrecy) {
  /** What a stored resource answers if nothing else is said. */
  public static final List<String> ALL_VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  public ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    verbs = List.copyOf(verbs);
    subresources = Set.copyOf(subresources);
    selectableFields = Set.copyOf(selectableFields);
    columns = List.copyOf(columns);
  }

  /** By name only: the schema is large, and types are keys of maps that every request asks. */
  @Override
  public int hashCode() {
    return 31 * (31 * group.hashCode() + plural.hashCode()) + version.hashCode();
  }

  public ResourceName name() {
    return new ResourceName(group, plural);
  }

  /** {@code v1} or {@code apps/v1}: the object's apiVersion. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  public boolean namespaced() {
    return scope == Scope.NAMESPACED;
  }

  public enum Scope {
    NAMESPACED,
    CLUSTER
  }

  public enum Secrecy {
    OPEN,
    /** Events are sealed under a key of the object before they are journaled. */
    SEALED
  }

  /**
   * A column of a Table (metav1.TableColumnDefinition).
   *
   * @param type OpenAPI type: string, integer, date, …
   * @param format such as {@code name}, or empty
   * @param priority 0 is always printed, above 0 only with {@code -o wide}
   */
  public record Column(String name, String type, String format, String description, int priority) {}
}
