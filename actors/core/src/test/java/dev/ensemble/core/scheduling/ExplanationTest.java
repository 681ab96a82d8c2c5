package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of one node. */
class ExplanationTest {
  private static Explanation explain(PodRequest pod, String node, Offer... offers) {
    return new Placement(DefaultProfile.create()).explain(pod, Samples.book(offers), node, 0, 3);
  }

  @Test
  void everyFilterThatRefusesIsNamedNotTheFirstAlone() {
    Offer full =
        Samples.holding(
            Samples.node(
                "a", "", "unschedulable: true, taints: [{key: 'k', effect: 'NoSchedule'}]"),
            Samples.asking("x", "cpu: '4'"));
    Explanation explanation = explain(Samples.asking("p", "cpu: '1'"), "a", full);
    assertThat(explanation.possible()).isFalse();
    assertThat(explanation.sentences())
        .containsExactly(
            "Node a would not take pod default/p:",
            "  NodeUnschedulable: node(s) were unschedulable",
            "  TaintToleration: node(s) had untolerated taint(s)",
            "  NodeResourcesFit: Insufficient cpu (ending other pods there could change it)");
  }

  @Test
  void aNodeThatWouldDoIsComparedWithTheBest() {
    Offer busy = Samples.holding(Samples.node("busy"), Samples.asking("x", "cpu: '3'"));
    Explanation explanation =
        explain(Samples.asking("p", "cpu: '1'"), "busy", busy, Samples.node("free"));
    assertThat(explanation.possible()).isTrue();
    assertThat(explanation.bids()).extracting(bid -> bid.node()).containsExactly("free", "busy");
    List<String> sentences = explanation.sentences();
    assertThat(sentences.get(0))
        .isEqualTo("Node busy would take pod default/p, but node free rates higher:");
    assertThat(sentences.get(1)).startsWith("  free: ").contains("NodeResourcesFit");
    assertThat(sentences.get(2)).startsWith("  busy: ");
  }

  @Test
  void theBestNodeSaysThatNoOtherRatesHigher() {
    Explanation explanation = explain(Samples.plain(), "only", Samples.node("only"));
    assertThat(explanation.sentences().get(0))
        .isEqualTo("Node only would take pod default/plain, and no other rates higher:");
    assertThat(explanation.bids()).hasSize(1);
  }

  @Test
  void aNodeThatManyRateHigherThanIsShownAfterTheBestThree() {
    Offer busy = Samples.holding(Samples.node("busy"), Samples.asking("x", "cpu: '3'"));
    Explanation explanation =
        explain(
            Samples.asking("p", "cpu: '1'"),
            "busy",
            Samples.node("a"),
            Samples.node("b"),
            Samples.node("c"),
            Samples.node("d"),
            busy);
    assertThat(explanation.bids()).hasSize(4);
    assertThat(explanation.bids().get(3).node()).isEqualTo("busy");
  }

  @Test
  void aNodeWithoutAnOfferIsNotJudged() {
    Explanation explanation = explain(Samples.plain(), "b", Samples.node("a"));
    assertThat(explanation.possible()).isFalse();
    assertThat(explanation.sentences())
        .containsExactly(
            "Node b has made no offer: it is new, it is going, or its actor does not answer.");
  }

  @Test
  void ofAPodThatHasANodeItIsSaidWhere() {
    PodRequest placed = Samples.plain().at("a");
    assertThat(explain(placed, "a", Samples.node("a"), Samples.node("b")).sentences())
        .containsExactly("Pod default/plain is on node a.");
    assertThat(explain(placed, "b", Samples.node("a"), Samples.node("b")).sentences().get(0))
        .isEqualTo("Pod default/plain is on node a. Were it to be placed now:");
  }
}
