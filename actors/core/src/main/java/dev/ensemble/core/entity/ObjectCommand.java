package dev.ensemble.core.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an entity can be asked to do. {@code http} sends Create, Replace and Delete with objects
 * that are already defaulted, admitted and validated; internal callers send the domain commands. An
 * object given here belongs to the entity: callers must not change it afterwards.
 */
public sealed interface ObjectCommand {

  /** Makes the object. It has uid and creationTimestamp already; it has no resourceVersion. */
  record Create(ObjectNode object) implements ObjectCommand {}

  /**
   * Puts a new version in the place of the one that was read. {@code expectedSequence} is the
   * entity's sequence number of the version that {@code object} was computed from; if it has moved
   * on, the answer is a Conflict.
   */
  record Replace(ObjectNode object, long expectedSequence) implements ObjectCommand {}

  /**
   * Asks for deletion. Finalizers and graceful periods may keep the object as Terminating. {@code
   * graceSeconds} empty means the kind's default (for pods {@code
   * spec.terminationGracePeriodSeconds}).
   */
  record Delete(
      Optional<String> expectedUid,
      OptionalLong expectedSequence,
      OptionalLong graceSeconds,
      Propagation propagation)
      implements ObjectCommand {
    public static Delete now() {
      return new Delete(
          Optional.empty(), OptionalLong.empty(), OptionalLong.of(0), Propagation.BACKGROUND);
    }
  }

  /** What becomes of the objects that this one owns. DEFAULT is the kind's default. */
  enum Propagation {
    DEFAULT,
    BACKGROUND,
    FOREGROUND,
    ORPHAN
  }

  /**
   * Merges a JSON merge patch (RFC 7386) into the object as it is when the command arrives; with
   * {@code expectedUid} only into that incarnation. For controllers whose change is independent of
   * the rest: finalizers, owner references, annotations.
   */
  record Amend(Optional<String> expectedUid, ObjectNode mergePatch) implements ObjectCommand {}

  /**
   * Sets {@code status} as a whole, as its controller or node reports it. A report that changes
   * nothing is not journaled.
   */
  record ReportStatus(Optional<String> expectedUid, ObjectNode status) implements ObjectCommand {}

  /** Sets {@code spec.replicas}. */
  record Scale(Optional<String> expectedUid, int replicas) implements ObjectCommand {}

  /** Places a pod on a node. The bids and refusals that led to it stay in the event. */
  record Bind(Optional<String> expectedUid, String node, List<Bid> bids) implements ObjectCommand {
    public Bind {
      bids = List.copyOf(bids);
    }
  }

  /**
   * The node has ended everything of a pod that is Terminating, or gives the pod up: removes it.
   */
  record ConfirmRemoved(String uid) implements ObjectCommand {}
}
