package dev.ensemble.core.controller.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilentNodeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static ObjectNode node(String taints) {
    return Simulation.json(
        """
        {'apiVersion':'v1','kind':'Node','metadata':{'name':'n1','uid':'u'},
         'spec':{'taints':%s},
         'status':{'conditions':[{'type':'Ready','status':'True',
           'lastHeartbeatTime':'2026-01-01T00:00:00Z'}]}}
        """
            .formatted(taints));
  }

  private static Plan reconcile(ObjectNode node, Optional<Instant> heard, Instant now) {
    return NodeLifecycleReconciler.reconcile(
        new NodeLifecycleView(node, heard, START, Duration.ofSeconds(40)), now);
  }

  @Test
  void aNodeIsUnknownAndTaintedOnlyAfterTheGracePeriod() {
    Instant heard = START.plusSeconds(100);
    Plan before = reconcile(node("[]"), Optional.of(heard), heard.plusSeconds(40));
    assertThat(before.actions()).isEmpty();
    assertThat(before.again()).contains(Duration.ofSeconds(1));
    List<Action> after =
        reconcile(
                node("[{'key':'mine','effect':'NoSchedule'}]"),
                Optional.of(heard),
                heard.plusSeconds(41))
            .actions();
    JsonNode taints = ((Action.Edit) after.get(0)).patch().at("/spec/taints");
    assertThat(taints)
        .extracting(taint -> taint.path("key").asText() + ":" + taint.path("effect").asText())
        .containsExactly(
            "mine:NoSchedule",
            "node.kubernetes.io/unreachable:NoSchedule",
            "node.kubernetes.io/unreachable:NoExecute");
    assertThat(
            after.stream()
                .filter(Action.ReportStatus.class::isInstance)
                .map(action -> ((Action.ReportStatus) action).status().at("/conditions/0")))
        .containsExactly(
            Simulation.json(
                """
                {'type':'Ready','status':'Unknown','reason':'NodeStatusUnknown',
                 'message':'Kubelet stopped posting node status.',
                 'lastHeartbeatTime':'2026-01-01T00:00:00Z',
                 'lastTransitionTime':'2026-01-01T00:02:21Z'}
                """));
  }

  @Test
  void aNodeNeverHeardOfHasItsGracePeriodFromOurStart() {
    assertThat(reconcile(node("[]"), Optional.empty(), START.plusSeconds(40)).actions()).isEmpty();
    assertThat(reconcile(node("[]"), Optional.empty(), START.plusSeconds(41)).actions())
        .isNotEmpty();
  }

  @Test
  void aNodeThatIsBackLosesOurTaintsAndKeepsOthers() {
    ObjectNode node =
        node(
            "[{'key':'node.kubernetes.io/unreachable','effect':'NoExecute',"
                + "'timeAdded':'2026-01-01T00:00:00Z'},{'key':'mine','effect':'NoSchedule'}]");
    List<Action> actions =
        reconcile(node, Optional.of(START.plusSeconds(5)), START.plusSeconds(6)).actions();
    assertThat(((Action.Edit) actions.get(0)).patch().at("/spec/taints"))
        .containsExactly(Simulation.json("{'key':'mine','effect':'NoSchedule'}"));
  }

  @ParameterizedTest(name = "with {0} the pod leaves after {1} s")
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|0",
        "[{'key':'node.kubernetes.io/unreachable','operator':'Exists','effect':'NoExecute','tolerationSeconds':300}]|300",
        "[{'operator':'Exists'}]|-1",
        "[{'key':'node.kubernetes.io/unreachable','operator':'Exists','effect':'NoSchedule'}]|0",
        "[{'key':'other','operator':'Exists'}]|0",
        "[{'operator':'Exists'},{'operator':'Exists','effect':'NoExecute','tolerationSeconds':7}]|7"
      })
  void aPodStaysAsLongAsItTolerates(String tolerations, long seconds) {
    PodFacts pod =
        PodFacts.of(
            Simulation.json(
                "{'metadata':{'name':'p','namespace':'shop','uid':'u'},"
                    + "'spec':{'nodeName':'n1','tolerations':%s}}".formatted(tolerations)));
    JsonNode taint =
        Simulation.json(
            "{'key':'node.kubernetes.io/unreachable','effect':'NoExecute',"
                + "'timeAdded':'2026-01-01T00:00:00Z'}");
    TaintEviction.View view = new TaintEviction.View(List.of(taint), List.of(pod));
    if (seconds < 0) {
      assertThat(TaintEviction.reconcile(view, START.plusSeconds(1_000_000)))
          .isEqualTo(Plan.NOTHING);
      return;
    }
    if (seconds > 0) {
      Plan before = TaintEviction.reconcile(view, START.plusSeconds(seconds - 1));
      assertThat(before).isEqualTo(new Plan(List.of(), Optional.of(Duration.ofSeconds(1))));
    }
    assertThat(TaintEviction.reconcile(view, START.plusSeconds(seconds)).actions())
        .contains(Action.Delete.of(pod.meta().key(), "u"));
  }
}
