package dev.ensemble.core.controller.garbage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.garbage.GarbageView.OwnerState;
import dev.ensemble.core.entity.ObjectCommand.Propagation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides for one object whether it is garbage, and when it is itself going, what becomes of those
 * that depend on it: deleted after it (background), before it (foreground) or set free (orphan).
 * Time plays no part in it.
 */
public final class GarbageReconciler {
  public static final String COMPONENT = "garbage-collector-controller";
  public static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  /** So many dependents are dealt with in one pass. */
  static final int BURST = 500;

  private GarbageReconciler() {}

  public static Plan reconcile(GarbageView view) {
    ObjectFacts object = view.object();
    List<Action> actions = new ArrayList<>();
    if (object.deleting().isPresent()) {
      if (object.finalizers().contains(ORPHAN)) {
        setFree(view, actions);
      } else if (object.finalizers().contains(FOREGROUND)) {
        awaitDependents(view, actions);
      }
      return Plan.of(actions);
    }
    judge(view, actions);
    return Plan.of(actions);
  }

  private static void judge(GarbageView view, List<Action> actions) {
    ObjectFacts object = view.object();
    if (object.owners().isEmpty()) {
      return;
    }
    List<OwnerRef> solid = refs(view, OwnerState.SOLID);
    List<OwnerRef> waiting = refs(view, OwnerState.WAITING);
    List<OwnerRef> absent = refs(view, OwnerState.ABSENT);
    List<OwnerRef> misplaced = refs(view, OwnerState.MISPLACED);
    for (OwnerRef ref : misplaced) {
      actions.add(new Action.Announce(misplacedNote(object, ref)));
    }
    // As upstream: a cluster-scoped object is not judged by an owner that it cannot have.
    if (object.namespace().isEmpty() && !misplaced.isEmpty()) {
      return;
    }
    absent.addAll(misplaced);
    if (solid.size() + waiting.size() + absent.size() < object.owners().size()) {
      return;
    }
    if (!solid.isEmpty()) {
      unlink(object, absent, waiting).ifPresent(actions::add);
      return;
    }
    actions.add(delete(object, propagation(view, waiting)));
  }

  private static List<OwnerRef> refs(GarbageView view, OwnerState state) {
    List<OwnerRef> refs = new ArrayList<>();
    for (OwnerRef ref : view.object().owners()) {
      if (view.owners().getOrDefault(ref.uid(), OwnerState.UNKNOWN) == state) {
        refs.add(ref);
      }
    }
    return refs;
  }

  private static Note misplacedNote(ObjectFacts object, OwnerRef ref) {
    String message =
        "ownerRef [%s/%s, namespace: %s, name: %s, uid: %s] does not exist in namespace \"%s\""
            .formatted(
                ref.apiVersion(),
                ref.kind(),
                object.namespace(),
                ref.name(),
                ref.uid(),
                object.namespace());
    return Note.warning(object.reference(), "OwnerRefInvalidNamespace", message, COMPONENT);
  }

  /** One good owner is enough to live; references to others that are gone or going are dropped. */
  private static Optional<Action> unlink(
      ObjectFacts object, List<OwnerRef> absent, List<OwnerRef> waiting) {
    List<OwnerRef> kept = new ArrayList<>(object.owners());
    kept.removeAll(absent);
    kept.removeAll(waiting);
    if (kept.size() == object.owners().size()) {
      return Optional.empty();
    }
    return Optional.of(
        new Action.Edit(object.key(), object.uid(), object.revision(), OwnerRef.patch(kept)));
  }

  /**
   * An owner that waits for its dependents passes that on to those that have dependents themselves;
   * what was to be orphaned or deleted in the foreground stays so.
   */
  private static Propagation propagation(GarbageView view, List<OwnerRef> waiting) {
    if (view.object().finalizers().contains(ORPHAN)) {
      return Propagation.ORPHAN;
    }
    if (view.object().finalizers().contains(FOREGROUND)) {
      return Propagation.FOREGROUND;
    }
    return waiting.isEmpty() || view.dependents().isEmpty()
        ? Propagation.BACKGROUND
        : Propagation.FOREGROUND;
  }

  private static Action delete(ObjectFacts object, Propagation propagation) {
    return new Action.Delete(
        object.key(), object.uid(), OptionalLong.empty(), propagation, Optional.empty());
  }

  private static void setFree(GarbageView view, List<Action> actions) {
    List<ObjectFacts> dependents = sorted(view);
    for (ObjectFacts dependent : dependents.stream().limit(BURST).toList()) {
      List<OwnerRef> kept = new ArrayList<>(dependent.owners());
      kept.removeIf(ref -> ref.uid().equals(view.object().uid()));
      actions.add(
          new Action.Edit(
              dependent.key(), dependent.uid(), dependent.revision(), OwnerRef.patch(kept)));
    }
    if (dependents.isEmpty()) {
      actions.add(dropFinalizer(view.object(), ORPHAN));
    }
  }

  /** The dependents' own passes delete them; when the last one that blocks is gone, so may this. */
  private static void awaitDependents(GarbageView view, List<Action> actions) {
    if (view.dependents().stream().noneMatch(dependent -> blocks(dependent, view.object()))) {
      actions.add(dropFinalizer(view.object(), FOREGROUND));
    }
  }

  private static boolean blocks(ObjectFacts dependent, ObjectFacts owner) {
    return dependent.owners().stream()
        .anyMatch(ref -> ref.uid().equals(owner.uid()) && ref.blockOwnerDeletion());
  }

  private static List<ObjectFacts> sorted(GarbageView view) {
    return view.dependents().stream()
        .sorted(
            Comparator.comparing(ObjectFacts::resource)
                .thenComparing(ObjectFacts::namespace)
                .thenComparing(ObjectFacts::name))
        .toList();
  }

  private static Action dropFinalizer(ObjectFacts object, String finalizer) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = patch.putObject("metadata");
    List<String> kept = new ArrayList<>(object.finalizers());
    kept.remove(finalizer);
    if (kept.isEmpty()) {
      metadata.putNull("finalizers");
    } else {
      ArrayNode array = metadata.putArray("finalizers");
      kept.forEach(array::add);
    }
    return new Action.Edit(object.key(), object.uid(), object.revision(), patch);
  }
}
