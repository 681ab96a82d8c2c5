package dev.ensemble.core.controller.garbage;

import dev.ensemble.core.controller.ObjectFacts;
import java.util.List;
import java.util.Map;

/**
 * One object, what it depends on and what depends on it.
 *
 * @param owners for each of the object's owner references that can be looked up, in which state its
 *     owner is, by uid
 * @param dependents objects with an owner reference to this one
 */
public record GarbageView(
    ObjectFacts object, Map<String, OwnerState> owners, List<ObjectFacts> dependents) {
  public GarbageView {
    owners = Map.copyOf(owners);
    dependents = List.copyOf(dependents);
  }

  /** What became of an owner. */
  public enum OwnerState {
    /** There, and not waiting for its dependents. */
    SOLID,
    /** Being deleted in the foreground: it waits for dependents that block it. */
    WAITING,
    /** Not there, or another incarnation of its name. */
    ABSENT,
    /** Named in a way that can never be: a namespaced owner from elsewhere. */
    MISPLACED,
    /** Of a type that is not served (yet): nothing may be concluded. */
    UNKNOWN
  }
}
