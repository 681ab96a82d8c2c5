package dev.ensemble.core.controller.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.OwnerRef;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Simulation;
import dev.ensemble.core.controller.garbage.GarbageView.OwnerState;
import dev.ensemble.core.entity.ObjectCommand.Propagation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GarbageReconcilerTest {
  private static ObjectFacts object(String extra, String... owners) {
    ObjectNode object =
        Simulation.json(
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'shop','uid':'u',"
                + "'resourceVersion':'7'"
                + extra
                + "}}");
    for (String owner : owners) {
      object
          .withObject("/metadata")
          .withArray("ownerReferences")
          .add(new OwnerRef("v1", "ConfigMap", owner, owner, false, true).json());
    }
    return ObjectFacts.of(PodFacts.PODS, object);
  }

  @ParameterizedTest(name = "owners {0} and {1}: {2}")
  @CsvSource({
    "SOLID, SOLID, nothing",
    "SOLID, ABSENT, unlink b",
    "SOLID, WAITING, unlink b",
    "SOLID, UNKNOWN, nothing",
    "ABSENT, UNKNOWN, nothing",
    "ABSENT, ABSENT, delete BACKGROUND",
    "ABSENT, WAITING, delete FOREGROUND",
    "ABSENT, MISPLACED, tell and delete BACKGROUND"
  })
  void anObjectLivesAsLongAsOneOwnerDoes(OwnerState a, OwnerState b, String what) {
    Map<String, OwnerState> owners = new HashMap<>(Map.of("a", a, "b", b));
    ObjectFacts object = object("", "a", "b");
    List<Action> actions =
        GarbageReconciler.reconcile(new GarbageView(object, owners, List.of(object("", "u"))))
            .actions();
    assertThat(String.join(" and ", actions.stream().map(GarbageReconcilerTest::said).toList()))
        .isEqualTo(what.equals("nothing") ? "" : what);
  }

  @Test
  void anObjectOfTheClusterThatNamesANamespacedOwnerStays() {
    ObjectFacts node =
        ObjectFacts.of(
            PodFacts.PODS,
            Simulation.json(
                "{'apiVersion':'v1','kind':'Node','metadata':{'name':'n','uid':'u',"
                    + "'resourceVersion':'7','ownerReferences':[{'apiVersion':'v1',"
                    + "'kind':'ConfigMap','name':'a','uid':'a'}]}}"));
    assertThat(
            GarbageReconciler.reconcile(
                    new GarbageView(node, Map.of("a", OwnerState.MISPLACED), List.of()))
                .actions())
        .extracting(GarbageReconcilerTest::said)
        .containsExactly("tell");
  }

  private static String said(Action action) {
    if (action instanceof Action.Delete delete) {
      return "delete " + delete.propagation();
    }
    if (action instanceof Action.Edit edit) {
      boolean keptA = edit.patch().toString().contains("\"uid\":\"a\"");
      return "unlink " + (keptA ? "b" : "a");
    }
    return "tell";
  }

  @Test
  void anOwnerInTheForegroundGoesWhenNothingBlocksIt() {
    ObjectFacts owner =
        object(",'deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['foregroundDeletion']");
    ObjectFacts blocking = object("", "u");
    assertThat(
            GarbageReconciler.reconcile(new GarbageView(owner, Map.of(), List.of(blocking)))
                .actions())
        .isEmpty();
    assertThat(GarbageReconciler.reconcile(new GarbageView(owner, Map.of(), List.of())).actions())
        .containsExactly(
            new Action.Edit(
                owner.key(), "u", 7, Simulation.json("{'metadata':{'finalizers':null}}")));
  }

  @Test
  void orphansAreSetFreeBeforeTheirOwnerGoes() {
    ObjectFacts owner =
        object(",'deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['keep','orphan']");
    assertThat(
            GarbageReconciler.reconcile(new GarbageView(owner, Map.of(), List.of(object("", "u"))))
                .actions())
        .containsExactly(
            new Action.Edit(
                owner.key(), "u", 7, Simulation.json("{'metadata':{'ownerReferences':null}}")));
    assertThat(GarbageReconciler.reconcile(new GarbageView(owner, Map.of(), List.of())).actions())
        .containsExactly(
            new Action.Edit(
                owner.key(), "u", 7, Simulation.json("{'metadata':{'finalizers':['keep']}}")));
  }

  @Test
  void anObjectThatIsGarbageIsDeletedAsItsIncarnation() {
    assertThat(
            GarbageReconciler.reconcile(
                    new GarbageView(object("", "a"), Map.of("a", OwnerState.ABSENT), List.of()))
                .actions())
        .containsExactly(
            new Action.Delete(
                object("").key(),
                "u",
                OptionalLong.empty(),
                Propagation.BACKGROUND,
                Optional.empty()));
  }
}
