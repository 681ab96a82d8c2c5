package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.garbage.GarbageReconciler;
import dev.ensemble.core.controller.garbage.GarbageView;
import dev.ensemble.core.controller.garbage.GarbageView.OwnerState;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.persistence.format.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds owners and dependents across all resource types. A view may lag behind its ledger here, and
 * what it does not show yet must not be taken for absent: that an owner is gone is asked of its
 * entity.
 */
final class GarbageViews {
  private final ObjectStore store;
  private final ControllerParts parts;

  GarbageViews(ObjectStore store, ControllerParts parts) {
    this.store = store;
    this.parts = parts;
  }

  /** The same from what a view knows without parsing; rather once too often. */
  static boolean mayBeConcerned(StoredObject object) {
    return object.deleting() || !object.owners().isEmpty();
  }

  /** Whether an object can be garbage, or holds on for its dependents. */
  static boolean concerned(ObjectFacts object) {
    return !object.owners().isEmpty()
        || (object.deleting().isPresent() && !object.finalizers().isEmpty());
  }

  /** Whether a change touched what the collector goes by: owners, deletion, finalizers. */
  boolean mayMatter(Change change) {
    if (!mayBeConcerned(change.object())
        && change.previous().filter(GarbageViews::mayBeConcerned).isEmpty()) {
      return false;
    }
    ObjectFacts now = facts(change.object());
    if (!concerned(now)) {
      return change.previous().map(this::facts).filter(GarbageViews::concerned).isPresent();
    }
    return change
        .previous()
        .map(this::facts)
        .filter(
            old ->
                old.owners().equals(now.owners())
                    && old.deleting().equals(now.deleting())
                    && old.finalizers().equals(now.finalizers()))
        .isEmpty();
  }

  private ObjectFacts facts(StoredObject object) {
    return parts.facts().meta(object);
  }

  List<ObjectKey> dependentsOf(String uid) {
    List<ObjectKey> keys = new ArrayList<>();
    for (ResourceType type : parts.types().get().stored()) {
      for (StoredObject dependent : store.view(type.name()).snapshot().ownedBy(uid)) {
        keys.add(dependent.key());
      }
    }
    return keys;
  }

  /** Owners that may be waiting for this object to go. */
  List<ObjectKey> waitingOwners(StoredObject object) {
    return object.owners().isEmpty() ? List.of() : waitingOwners(facts(object));
  }

  /** The same for an object that has been looked at. */
  List<ObjectKey> waitingOwners(ObjectFacts object) {
    List<ObjectKey> keys = new ArrayList<>();
    for (OwnerRef ref : object.owners()) {
      keyOf(ref, object)
          .flatMap(key -> find(key, ref.uid()))
          .filter(owner -> owner.deleting().isPresent())
          .ifPresent(owner -> keys.add(owner.key()));
    }
    return keys;
  }

  CompletionStage<GarbageView> of(ObjectFacts object) {
    List<ObjectFacts> dependents = new ArrayList<>();
    for (ResourceType type : parts.types().get().stored()) {
      for (StoredObject one : store.view(type.name()).snapshot().ownedBy(object.uid())) {
        ObjectFacts dependent = facts(one);
        boolean within =
            object.namespace().isEmpty() || dependent.namespace().equals(object.namespace());
        if (within) {
          dependents.add(dependent);
        }
      }
    }
    Map<String, CompletionStage<OwnerState>> asked = new HashMap<>();
    if (object.deleting().isEmpty()) {
      object.owners().forEach(ref -> asked.put(ref.uid(), stateOf(ref, object)));
    }
    CompletionStage<Map<String, OwnerState>> states =
        CompletableFuture.completedFuture(new HashMap<>());
    for (Map.Entry<String, CompletionStage<OwnerState>> owner : asked.entrySet()) {
      states =
          states.thenCombine(
              owner.getValue(),
              (known, state) -> {
                known.put(owner.getKey(), state);
                return known;
              });
    }
    return states.thenApply(known -> new GarbageView(object, known, dependents));
  }

  private CompletionStage<OwnerState> stateOf(OwnerRef ref, ObjectFacts object) {
    Optional<ResourceType> type = parts.types().get().byKind(ref.apiVersion(), ref.kind());
    if (type.isEmpty()) {
      return CompletableFuture.completedFuture(OwnerState.UNKNOWN);
    }
    if (type.get().namespaced() && object.namespace().isEmpty()) {
      return CompletableFuture.completedFuture(OwnerState.MISPLACED);
    }
    ObjectKey key = keyOf(ref, object).orElseThrow();
    Optional<ObjectFacts> owner = find(key, ref.uid());
    if (owner.isPresent()) {
      boolean waits =
          owner.get().deleting().isPresent()
              && owner.get().finalizers().contains(GarbageReconciler.FOREGROUND);
      return CompletableFuture.completedFuture(waits ? OwnerState.WAITING : OwnerState.SOLID);
    }
    return confirmAbsent(key, ref, object);
  }

  /** An amendment that changes nothing is a question to the one who knows. */
  private CompletionStage<OwnerState> confirmAbsent(
      ObjectKey key, OwnerRef ref, ObjectFacts object) {
    return store
        .submit(
            key,
            new ObjectCommand.Amend(Optional.of(ref.uid()), JsonNodeFactory.instance.objectNode()),
            Provenance.internal(
                "system:controller:" + GarbageReconciler.COMPONENT,
                parts.clock().instant(),
                Optional.empty()))
        .thenApply(
            outcome -> {
              if (!(outcome instanceof Outcome.Rejected)) {
                return OwnerState.SOLID;
              }
              return elsewhere(key, ref, object) ? OwnerState.MISPLACED : OwnerState.ABSENT;
            });
  }

  /** An object of that uid lives in another namespace: the reference is a mistake. */
  private boolean elsewhere(ObjectKey key, OwnerRef ref, ObjectFacts object) {
    if (object.namespace().isEmpty()) {
      return false;
    }
    for (StoredObject other : store.view(key.resource()).snapshot().all()) {
      if (other.uid().equals(ref.uid()) && !other.key().namespace().equals(object.namespace())) {
        return true;
      }
    }
    return false;
  }

  private Optional<ObjectKey> keyOf(OwnerRef ref, ObjectFacts object) {
    return parts
        .types()
        .get()
        .byKind(ref.apiVersion(), ref.kind())
        .map(
            type ->
                new ObjectKey(
                    type.name(), type.namespaced() ? object.namespace() : "", ref.name()));
  }

  private Optional<ObjectFacts> find(ObjectKey key, String uid) {
    return store
        .view(key.resource())
        .snapshot()
        .get(key.namespace(), key.name())
        .filter(found -> found.uid().equals(uid))
        .map(this::facts);
  }
}
