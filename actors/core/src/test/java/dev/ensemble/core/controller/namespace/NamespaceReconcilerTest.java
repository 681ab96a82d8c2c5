package dev.ensemble.core.controller.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Simulation;
import dev.ensemble.core.object.ResourceName;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespaceReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ObjectNode GOING =
      Simulation.json(
          """
          {'apiVersion':'v1','kind':'Namespace',
           'metadata':{'name':'shop','uid':'ns','deletionTimestamp':'2026-01-01T00:00:00Z'},
           'spec':{'finalizers':['kubernetes','mine']},'status':{'phase':'Terminating'}}
          """);

  private static ObjectFacts object(ResourceName resource, String name, String extra) {
    return ObjectFacts.of(
        resource,
        Simulation.json(
            "{'metadata':{'name':'%s','namespace':'shop','uid':'%s'%s}}"
                .formatted(name, name, extra)));
  }

  private static List<Action> reconcile(Set<String> unreadable, ObjectFacts... contents) {
    return NamespaceReconciler.reconcile(
            new NamespaceView(GOING, List.of(contents), unreadable, "", true), NOW)
        .actions();
  }

  private static String condition(List<Action> actions, String type) {
    for (JsonNode one : ((Action.ReportStatus) actions.get(0)).status().path("conditions")) {
      if (one.path("type").asText().equals(type)) {
        return one.path("status").asText() + " " + one.path("message").asText();
      }
    }
    return "";
  }

  @Test
  void whatIsLeftIsDeletedOnceAndNamedInTheConditions() {
    ObjectFacts held =
        object(
            PodFacts.PODS,
            "held",
            ",'deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['a.b/c']");
    ObjectFacts map = object(NamespaceReconciler.CONFIG_MAPS, "map", "");
    List<Action> actions = reconcile(Set.of(), held, map);
    assertThat(actions.subList(1, actions.size()))
        .containsExactly(Action.Delete.of(map.key(), "map"));
    assertThat(condition(actions, "NamespaceContentRemaining"))
        .isEqualTo(
            "True Some resources are remaining: configmaps has 1 resource instances,"
                + " pods has 1 resource instances");
    assertThat(condition(actions, "NamespaceFinalizersRemaining"))
        .isEqualTo(
            "True Some content in the namespace has finalizers remaining:"
                + " a.b/c in 1 resource instances");
  }

  @Test
  void onlyOurFinalizerIsTakenOffWhenNothingIsLeft() {
    List<Action> actions = reconcile(Set.of());
    assertThat(actions.get(1))
        .isEqualTo(
            new Action.Amend(
                ObjectFacts.of(NamespaceReconciler.NAMESPACES, GOING).key(),
                "ns",
                Simulation.json("{'spec':{'finalizers':['mine']}}")));
  }

  @Test
  void whatCannotBeReadKeepsTheNamespace() {
    List<Action> actions = reconcile(Set.of("widgets.example.com"));
    assertThat(actions).hasSize(1);
    assertThat(condition(actions, "NamespaceDeletionDiscoveryFailure")).startsWith("True ");
  }
}
