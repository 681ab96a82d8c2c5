package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages of FailedScheduling, word for word. */
class DiagnosisTest {
  private static String message(PodRequest pod, Offer... offers) {
    Placement.Result result =
        new Placement(DefaultProfile.create()).candidates(pod, Samples.book(offers), 0, 3);
    assertThat(result.candidates()).isEmpty();
    return result.diagnosis().message(pod, Map.of());
  }

  private static Offer full(String name) {
    return Samples.holding(Samples.node(name), Samples.asking("x", "cpu: '4', memory: '8Gi'"));
  }

  @Test
  void reasonsAreCountedAndSorted() {
    String tainted = "taints: [{key: 'k', value: 'v', effect: 'NoSchedule'}]";
    assertThat(
            message(
                Samples.asking("p", "cpu: '1', memory: '1Gi'"),
                full("a"),
                full("b"),
                Samples.node("c", "", tainted),
                Samples.node("d", "", "unschedulable: true")))
        .isEqualTo(
            "0/4 nodes are available: 1 node(s) had untolerated taint(s), 1 node(s) were"
                + " unschedulable, 2 Insufficient cpu, 2 Insufficient memory. preemption: 0/4"
                + " nodes are available: 2 No preemption victims found for incoming pod, 2"
                + " Preemption is not helpful for scheduling.");
  }

  @Test
  void withoutNodesThereIsNothingToCount() {
    assertThat(message(Samples.plain())).isEqualTo("no nodes available to schedule pods");
  }

  @Test
  void aPodThatMayNotPreemptSaysSo() {
    PodRequest pod =
        Samples.pod(
            "p", "{preemptionPolicy: 'Never', containers: [{resources: {requests: {cpu: '1'}}}]}");
    assertThat(message(pod, full("a")))
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to"
                + " preemptionPolicy=Never.");
  }

  @Test
  void whatPreemptionWasTriedAndWhyItDoesNotHelpIsCounted() {
    PodRequest pod =
        Samples.pod("p", "{priority: 10, containers: [{resources: {requests: {cpu: '5'}}}]}");
    Book book = Samples.book(full("a"), Samples.node("b"));
    Diagnosis diagnosis =
        new Placement(DefaultProfile.create()).candidates(pod, book, 0, 1).diagnosis();
    assertThat(diagnosis.message(pod, Map.of()))
        .isEqualTo(
            "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2"
                + " Preemption is not helpful for scheduling.");
    PodRequest smaller =
        Samples.pod("p", "{priority: 10, containers: [{resources: {requests: {cpu: '1'}}}]}");
    Diagnosis curable =
        new Placement(DefaultProfile.create())
            .candidates(smaller, Samples.book(full("a"), full("b")), 0, 1)
            .diagnosis();
    assertThat(curable.nodesToPreempt(10)).containsExactlyInAnyOrder("a", "b");
    assertThat(curable.nodesToPreempt(0)).isEmpty();
    assertThat(curable.message(smaller, Map.of("Insufficient memory", 2)))
        .isEqualTo(
            "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2"
                + " Insufficient memory.");
    assertThat(curable.message()).isEqualTo("0/2 nodes are available: 2 Insufficient cpu.");
  }

  @Test
  void nodesThatWereNotEvenLookedAtAreCounted() {
    PodRequest pod =
        Samples.pod(
            "p",
            """
            {containers: [{resources: {requests: {cpu: '1'}}}],
             affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
              {nodeSelectorTerms: [{matchFields:
               [{key: 'metadata.name', operator: 'In', values: ['a']}]}]}}}}\
            """);
    assertThat(message(pod, full("a"), full("b"), Samples.node("c")))
        .isEqualTo(
            "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s)"
                + " [NodeAffinity]. preemption: 0/3 nodes are available: 1 No preemption victims"
                + " found for incoming pod, 2 Preemption is not helpful for scheduling.");
  }

  @Test
  void aConstraintThatNobodyJudgesIsNotIgnored() {
    PodRequest pod = Samples.pod("p", "{volumes: [{persistentVolumeClaim: {claimName: 'x'}}]}");
    assertThat(message(pod, Samples.node("a"), Samples.node("b")))
        .isEqualTo(
            "0/2 nodes are available: this scheduler does not support volumes of persistent volume"
                + " claims yet. preemption: 0/2 nodes are available: 2 Preemption is not helpful"
                + " for scheduling.");
  }

  @Test
  void refusalsAreKeptNodeByNodeUpToALimit() {
    Book book = new Book();
    for (int i = 0; i < 120; i++) {
      book.post(full("n" + i));
    }
    Diagnosis diagnosis =
        new Placement(DefaultProfile.create())
            .candidates(Samples.asking("p", "cpu: '1'"), book, 0, 3)
            .diagnosis();
    assertThat(diagnosis.refusals()).hasSize(Diagnosis.REFUSALS_MAX);
    assertThat(diagnosis.counts()).containsEntry("Insufficient cpu", 120);
  }
}
