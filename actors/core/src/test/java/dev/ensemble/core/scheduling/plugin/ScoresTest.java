package dev.ensemble.core.scheduling.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Samples;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Weighted scores of nodes; the numbers are those that upstream's formulas give. */
class ScoresTest {
  private static final String FIT = "NodeResourcesFit";
  private static final String BALANCE = "NodeResourcesBalancedAllocation";

  private static Map<String, Map<String, Long>> scores(PodRequest pod, Offer... offers) {
    Book book = Samples.book(offers);
    Map<String, Map<String, Long>> scores = new TreeMap<>();
    for (Bid bid :
        new Placement(DefaultProfile.create()).candidates(pod, book, 0, 100).candidates()) {
      scores.put(bid.node(), bid.scores());
      assertThat(bid.score()).isEqualTo(bid.scores().values().stream().mapToLong(s -> s).sum());
    }
    return scores;
  }

  @Test
  void theNodeWithMoreLeftIsPreferred() {
    // On a: cpu (4000-2000)*100/4000 = 50, memory (8-2)*100/8 = 75: (50+75)/2 = 62.
    // On b: cpu 75, memory 87 (7/8 cut off): 81.
    PodRequest pod = Samples.asking("p", "cpu: '1', memory: '1Gi'");
    Offer a = Samples.holding(Samples.node("a"), Samples.asking("x", "cpu: '1', memory: '1Gi'"));
    Map<String, Map<String, Long>> scores = scores(pod, a, Samples.node("b"));
    assertThat(scores.get("a")).containsEntry(FIT, 62L).containsEntry(BALANCE, 87L);
    assertThat(scores.get("b")).containsEntry(FIT, 81L).containsEntry(BALANCE, 93L);
  }

  @Test
  void podsWithoutRequestsSpreadAllTheSame() {
    Offer a = Samples.holding(Samples.node("a"), Samples.asking("x", ""));
    Map<String, Map<String, Long>> scores = scores(Samples.plain(), a, Samples.node("b"));
    // cpu (4000-200)*100/4000 = 95, memory (8192-400)*100/8192 = 95; with one pod 97 and 97.
    assertThat(scores.get("a")).containsEntry(FIT, 95L).doesNotContainKey(BALANCE);
    assertThat(scores.get("b")).containsEntry(FIT, 97L);
  }

  @Test
  void softTaintsCountAgainstANode() {
    String two = "{key: 'a', effect: 'PreferNoSchedule'}, {key: 'b', effect: 'PreferNoSchedule'}";
    String one = "{key: 'a', effect: 'PreferNoSchedule'}";
    PodRequest pod = Samples.plain();
    Map<String, Map<String, Long>> scores =
        scores(
            pod,
            Samples.node("two", "", "taints: [" + two + "]"),
            Samples.node("one", "", "taints: [" + one + "]"),
            Samples.node("none"));
    assertThat(scores.get("two")).containsEntry("TaintToleration", 0L);
    assertThat(scores.get("one")).containsEntry("TaintToleration", 150L);
    assertThat(scores.get("none")).containsEntry("TaintToleration", 300L);
  }

  @Test
  void preferredTermsAddTheirWeights() {
    PodRequest pod =
        Samples.pod(
            "p",
            """
            {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [
               {weight: 2, preference: {matchExpressions: [{key: 'disk', operator: 'Exists'}]}},
               {weight: 6, preference: {matchExpressions: [{key: 'gpu', operator: 'Exists'}]}},
               {weight: 50, preference: {}}]}}}\
            """);
    Map<String, Map<String, Long>> scores =
        scores(
            pod,
            Samples.node("disk", "disk: ''", ""),
            Samples.node("gpu", "gpu: ''", ""),
            Samples.node("both", "gpu: '', disk: ''", ""),
            Samples.node("none"));
    assertThat(scores.get("disk")).containsEntry("NodeAffinity", 50L);
    assertThat(scores.get("gpu")).containsEntry("NodeAffinity", 150L);
    assertThat(scores.get("both")).containsEntry("NodeAffinity", 200L);
    assertThat(scores.get("none")).containsEntry("NodeAffinity", 0L);
  }

  @Test
  void imagesThatAreThereCountBySizeAndByHowManyNodesHaveThem() {
    PodRequest pod =
        Samples.pod("p", "{containers: [{image: 'registry:5000/app'}, {image: 'web:1'}]}");
    Map<String, Map<String, Long>> scores =
        scores(
            pod,
            withImage("a", "registry:5000/app:latest", 1000L << 20),
            withImage("b", "web:1", 20L << 20),
            Samples.node("c"),
            Samples.node("d"));
    // 1000 MiB on one node of four count as 250: (250-23)*100/(2000-23) = 11.
    assertThat(scores.get("a")).containsEntry("ImageLocality", 11L);
    assertThat(scores.get("b")).containsEntry("ImageLocality", 0L);
    assertThat(scores.get("c")).containsEntry("ImageLocality", 0L);
  }

  private static Offer withImage(String node, String image, long bytes) {
    return Offer.read(
        Samples.json(
            """
            {metadata: {name: '%s'}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: 9},
              images: [{names: ['%s'], sizeBytes: %d}]}}\
            """
                .formatted(node, image, bytes)));
  }

  @Test
  void equalNodesAreSharedOutOverPods() {
    Book book = new Book();
    for (int i = 0; i < 4; i++) {
      book.post(Samples.node("n" + i));
    }
    Placement placement = new Placement(DefaultProfile.create());
    Map<String, Integer> chosen = new TreeMap<>();
    for (int i = 0; i < 400; i++) {
      PodRequest pod = Samples.asking("p" + i, "cpu: '1'");
      chosen.merge(
          placement.candidates(pod, book, 0, 1).candidates().get(0).node(), 1, Integer::sum);
    }
    assertThat(chosen.values()).hasSize(4).allMatch(count -> count > 60 && count < 140);
  }
}
