package dev.ensemble.http.read;

import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which objects of a resource a list or watch is about.
 *
 * @param namespace empty for all namespaces
 * @param name set when a field selector asks for one name
 * @param labels absent when every label set matches
 * @param fields absent when no selectable field is asked for
 * @param label one label that must have one value, for the view's index
 * @param node set when a field selector asks for pods on one node
 */
public record Selection(
    String namespace,
    Optional<String> name,
    Optional<Predicate<Map<String, String>>> labels,
    Optional<Predicate<Map<String, String>>> fields,
    Optional<Map.Entry<String, String>> label,
    Optional<String> node,
    FieldValues values) {

  /** Whether there is no selector: the whole namespace or all. */
  public boolean unselective() {
    return name.isEmpty() && labels.isEmpty() && fields.isEmpty();
  }

  /** What the names of its objects have in common. */
  public Scope scope() {
    return new Scope(namespace, name);
  }

  /** The cheap part of the test, for the ledger's thread. */
  public boolean mayMatch(StoredObject object) {
    return (namespace.isEmpty() || namespace.equals(object.key().namespace()))
        && (name.isEmpty() || name.get().equals(object.key().name()));
  }

  public boolean matches(StoredObject object) {
    return mayMatch(object)
        && (labels.isEmpty() || labels.get().test(object.labels()))
        && (fields.isEmpty() || fields.get().test(values.of(object)));
  }

  /** The objects to test with {@link #matches}, through the narrowest index there is. */
  public Iterable<StoredObject> candidates(Snapshot snapshot) {
    if (name.isPresent() && !namespace.isEmpty()) {
      return snapshot.get(namespace, name.get()).map(List::of).orElse(List.of());
    }
    if (node.isPresent()) {
      return snapshot.onNode(node.get());
    }
    if (label.isPresent() && !namespace.isEmpty()) {
      return snapshot.labelled(namespace, label.get().getKey(), label.get().getValue());
    }
    return namespace.isEmpty() ? snapshot.all() : snapshot.inNamespace(namespace);
  }
}
