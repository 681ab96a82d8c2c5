package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.Preemption.Budget;
import dev.ensemble.core.scheduling.Preemption.Outcome;
import dev.ensemble.core.scheduling.Preemption.Plan;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import dev.ensemble.core.selector.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreemptionTest {
  private static final Placement PLACEMENT = new Placement(DefaultProfile.create());

  /** A pod such as {@code web a 10 cpu=2 since=5 app=web}: name, node, priority and more. */
  private static PodRequest pod(String text) {
    String[] words = text.split(" ", -1);
    String cpu = "1";
    String since = "0";
    String labels = "";
    for (int i = 3; i < words.length; i++) {
      String[] pair = words[i].split("=", -1);
      switch (pair[0]) {
        case "cpu" -> cpu = pair[1];
        case "since" -> since = pair[1];
        default -> labels = pair[0] + ": '" + pair[1] + "'";
      }
    }
    return PodRequest.read(
        Samples.json(
            """
            {metadata: {uid: 'uid-%1$s', namespace: 'default', name: '%1$s', labels: {%6$s}},
             spec: {nodeName: '%2$s', priority: %3$s,
               containers: [{name: 'c', image: 'i', resources: {requests: {cpu: '%4$s'}}}]},
             status: {startTime: '2026-01-01T00:00:0%5$sZ'}}\
            """
                .formatted(words[0], words[1].replace("-", ""), words[2], cpu, since, labels)));
  }

  /** Nodes of four CPUs with these pods on them. */
  private static Book book(List<String> pods) {
    Book book = new Book();
    Map<String, List<PodRequest>> byNode =
        pods.stream().map(PreemptionTest::pod).collect(Collectors.groupingBy(PodRequest::nodeName));
    byNode.forEach(
        (node, here) ->
            book.post(Samples.holding(Samples.node(node), here.toArray(PodRequest[]::new))));
    byNode.values().forEach(here -> here.forEach(book::show));
    return book;
  }

  private static Outcome plan(PodRequest pod, Book book, List<Budget> budgets) {
    Diagnosis diagnosis = PLACEMENT.candidates(pod, book, 0, 3).diagnosis();
    List<String> curable = diagnosis.nodesToPreempt(pod.priority()).stream().sorted().toList();
    return new Preemption(PLACEMENT).plan(pod, book, curable, 0, budgets);
  }

  private static String text(Outcome outcome) {
    return outcome
        .plan()
        .map(plan -> plan.node() + ": " + names(plan))
        .orElse(outcome.counts().toString());
  }

  private static String names(Plan plan) {
    return plan.victims().stream().map(PodRequest::name).collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void asFewAndAsUnimportantPodsAsCanBeMakeRoom(
      String sentence, String pod, List<String> placed, String expected) {
    assertThat(text(plan(pod(pod), book(placed), List.of()))).isEqualTo(expected);
  }

  static Stream<Arguments> asFewAndAsUnimportantPodsAsCanBeMakeRoom() {
    return Stream.of(
        Arguments.of(
            "one that is enough", "p - 10 cpu=2", List.of("x a 0 cpu=3", "y a 20"), "a: x"),
        Arguments.of(
            "of several only those that must",
            "p - 10 cpu=2",
            List.of("x a 5 cpu=2", "y a 1 cpu=1", "z a 2 cpu=1"),
            "a: z y"),
        Arguments.of(
            "the most important stay",
            "p - 10 cpu=1",
            List.of("x a 5 cpu=1", "y a 1 cpu=1", "z a 2 cpu=2"),
            "a: y"),
        Arguments.of(
            "of equals the one that was started last goes",
            "p - 10 cpu=2",
            List.of("x a 1 cpu=2 since=1", "y a 1 cpu=2 since=2"),
            "a: y"),
        Arguments.of("none of the same priority", "p - 10 cpu=2", List.of("x a 10 cpu=3"), "{}"),
        Arguments.of(
            "not when it would not be enough",
            "p - 10 cpu=4",
            List.of("x a 0 cpu=3", "y a 20"),
            "{Insufficient cpu=1}"),
        Arguments.of(
            "the node whose most important victim is least important",
            "p - 10 cpu=4",
            List.of("x a 5 cpu=4", "y b 3 cpu=2", "z b 3 cpu=2"),
            "b: y z"),
        Arguments.of(
            "then the one with the smallest sum of priorities",
            "p - 10 cpu=4",
            List.of("x a 5 cpu=2", "v a 5 cpu=2", "y b 5 cpu=2", "z b 3 cpu=2"),
            "b: y z"),
        Arguments.of(
            "then the one with the fewest victims",
            "p - 10 cpu=4",
            List.of("x a 5 cpu=2", "v a 5 cpu=2", "y b 5 cpu=4"),
            "b: y"),
        Arguments.of(
            "then the one whose most important victim was started last",
            "p - 10 cpu=4",
            List.of("x a 5 cpu=4 since=1", "y b 5 cpu=4 since=2"),
            "b: y"));
  }

  @Test
  void podsOfABudgetThatIsUsedUpAreSparedAsLongAsThereAreOthers() {
    Budget budget =
        new Budget(
            "pdb",
            PodScope.inNamespace("default", LabelSelector.ofLabels(Map.of("app", "web"))),
            0);
    Book book = book(List.of("x a 0 cpu=2 app=web", "y a 5 cpu=2"));
    assertThat(text(plan(pod("p - 10 cpu=2"), book, List.of()))).isEqualTo("a: x");
    assertThat(text(plan(pod("p - 10 cpu=2"), book, List.of(budget)))).isEqualTo("a: y");
    Book two = book(List.of("x a 0 cpu=4 app=web", "y b 5 cpu=4"));
    assertThat(text(plan(pod("p - 10 cpu=2"), two, List.of(budget)))).isEqualTo("b: y");
    Book only = book(List.of("x a 0 cpu=4 app=web"));
    Outcome broken = plan(pod("p - 10 cpu=2"), only, List.of(budget));
    assertThat(broken.plan().orElseThrow().violating()).isEqualTo(1);
  }

  @Test
  void whereAPodHasGoneThatTheOffersStillCountNobodyElseHasTo() {
    Book book = book(List.of("x a 0 cpu=2", "y a 0 cpu=2", "v b 0 cpu=2", "w b 0 cpu=2"));
    book.hide("uid-x");
    book.hide("uid-v");
    assertThat(text(plan(pod("p - 10 cpu=2"), book, List.of())))
        .isEqualTo("{No preemption victims found for incoming pod=2}");
  }

  @Test
  void theMarketIsAsItWasAfterwards() {
    Book book = book(List.of("x a 0 cpu=2 app=web", "y a 5 cpu=2"));
    Offer before = book.offer("a").orElseThrow();
    Tally webs =
        book.pods()
            .count(
                List.of(
                    PodScope.inNamespace("default", LabelSelector.ofLabels(Map.of("app", "web")))),
                PlacedPods.Counted.ALL);
    plan(pod("p - 10 cpu=4"), book, List.of());
    assertThat(book.offer("a")).contains(before);
    assertThat(webs.onNode("a")).isEqualTo(1);
    assertThat(book.podsOn("a")).hasSize(2);
  }

  @Test
  void aPodThatKeepsAnotherAwayCanBeAVictim() {
    String away =
        """
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
          [{labelSelector: {matchLabels: {app: 'web'}}, topologyKey: 'kubernetes.io/hostname'}]}}\
        """;
    Book book = Samples.book(Samples.zoned("a", ""));
    PodRequest there = Samples.labelled("there", "app: 'web'", "a", "{" + away + "}");
    book.show(there);
    book.post(Samples.holding(Samples.zoned("a", ""), there));
    PodRequest pod = Samples.labelled("new", "app: 'web'", "", "{priority: 10, " + away + "}");
    assertThat(text(plan(pod, book, List.of()))).isEqualTo("a: there");
  }
}
