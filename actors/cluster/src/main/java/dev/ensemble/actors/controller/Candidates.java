package dev.ensemble.actors.controller;

import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.Selection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The objects that a controller owns or may select, found by index. */
final class Candidates {
  private Candidates() {}

  static <T> List<T> of(
      Snapshot snapshot,
      StoredObject claimant,
      Selection selection,
      Function<StoredObject, T> read) {
    Map<String, T> found = new LinkedHashMap<>();
    for (StoredObject owned : snapshot.ownedBy(claimant.uid())) {
      found.put(owned.uid(), read.apply(owned));
    }
    for (StoredObject labelled : selected(snapshot, claimant.key().namespace(), selection)) {
      if (!found.containsKey(labelled.uid()) && selection.matches(labelled.labels())) {
        found.put(labelled.uid(), read.apply(labelled));
      }
    }
    return List.copyOf(found.values());
  }

  /** A superset of what is selected. */
  static Iterable<StoredObject> selected(Snapshot snapshot, String namespace, Selection selection) {
    if (selection.selectsNothing()) {
      return List.of();
    }
    Optional<Map.Entry<String, String>> label = selection.indexable();
    return label.isPresent()
        ? snapshot.labelled(namespace, label.get().getKey(), label.get().getValue())
        : snapshot.inNamespace(namespace);
  }
}
