package dev.ensemble.core.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which objects a controller has, takes or lets go (upstream's ControllerRefManager): what it
 * controls and selects it keeps; what it controls and no longer selects it releases; what it
 * selects and nobody controls it adopts. It never takes what another one controls.
 */
public final class Claim {
  private Claim() {}

  public enum Verdict {
    KEEP,
    ADOPT,
    RELEASE,
    IGNORE
  }

  public static Verdict judge(ObjectFacts claimant, Selection selection, ObjectFacts object) {
    boolean selected =
        object.namespace().equals(claimant.namespace()) && selection.matches(object.labels());
    boolean claimantLeaves = claimant.deleting().isPresent();
    Optional<OwnerRef> controller = object.controller();
    if (controller.isPresent()) {
      if (!controller.get().uid().equals(claimant.uid())) {
        return Verdict.IGNORE;
      }
      if (selected) {
        return Verdict.KEEP;
      }
      return claimantLeaves ? Verdict.IGNORE : Verdict.RELEASE;
    }
    if (claimantLeaves || !selected || object.deleting().isPresent()) {
      return Verdict.IGNORE;
    }
    return Verdict.ADOPT;
  }

  public static Action adopt(ObjectFacts claimant, ObjectFacts object) {
    List<OwnerRef> refs = new ArrayList<>(object.owners());
    refs.removeIf(ref -> ref.uid().equals(claimant.uid()));
    refs.add(OwnerRef.controlledBy(claimant));
    return edit(object, refs);
  }

  public static Action release(ObjectFacts claimant, ObjectFacts object) {
    List<OwnerRef> refs = new ArrayList<>(object.owners());
    refs.removeIf(ref -> ref.uid().equals(claimant.uid()));
    return edit(object, refs);
  }

  private static Action edit(ObjectFacts object, List<OwnerRef> refs) {
    return new Action.Edit(object.key(), object.uid(), object.revision(), OwnerRef.patch(refs));
  }
}
