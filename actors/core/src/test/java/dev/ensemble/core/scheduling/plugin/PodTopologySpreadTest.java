package dev.ensemble.core.scheduling.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.DefaultSpread;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Samples;
import dev.ensemble.core.selector.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodTopologySpreadTest {
  private static final PodTopologySpread PLUGIN = new PodTopologySpread();

  private static String constraint(String key, int maxSkew, String when, String more) {
    return """
    {topologyKey: '%s', maxSkew: %d, whenUnsatisfiable: '%s',
     labelSelector: {matchLabels: {app: 'web'}}%s}\
    """
        .formatted(key, maxSkew, when, more);
  }

  private static String hard(String key, int maxSkew, String more) {
    return constraint(key, maxSkew, "DoNotSchedule", more);
  }

  private static String spread(String constraints) {
    return "topologySpreadConstraints: [" + constraints + "]";
  }

  /** Pods {@code app=web}, one on each of these nodes; a name may come more than once. */
  private static Book with(String nodes) {
    Book book = Samples.zones();
    int number = 0;
    for (String node : nodes.split(" ", -1)) {
      if (!node.isEmpty()) {
        book.show(Samples.labelled("web-" + number++, "app: 'web'", node, "{}"));
      }
    }
    return book;
  }

  private static PodRequest web(String spec) {
    return Samples.labelled("new", "app: 'web', track: 'blue'", "", "{" + spec + "}");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void requiredConstraintsKeepPlacesEven(
      String sentence, String placed, String spec, String allowed) {
    assertThat(Samples.allowed(PLUGIN, web(spec), with(placed))).isEqualTo(allowed);
  }

  static Stream<Arguments> requiredConstraintsKeepPlacesEven() {
    String host = "kubernetes.io/hostname";
    String onlyA = ", nodeSelector: {zone: 'a'}";
    return Stream.of(
        Arguments.of("no constraint", "a1", "", "a1 a2 b1 x"),
        Arguments.of(
            "nodes without the label cannot do", "", spread(hard("zone", 1, "")), "a1 a2 b1"),
        Arguments.of("the emptier zone alone", "a1", spread(hard("zone", 1, "")), "b1"),
        Arguments.of("a skew of two leaves both", "a1", spread(hard("zone", 2, "")), "a1 a2 b1"),
        Arguments.of("even zones are both open", "a1 b1", spread(hard("zone", 1, "")), "a1 a2 b1"),
        Arguments.of("hosts", "a1 b1", spread(hard(host, 1, "")), "a2 x"),
        Arguments.of(
            "of two constraints only nodes with both labels count",
            "a1",
            spread(hard(host, 1, "") + "," + hard("zone", 2, "")),
            "a2 b1"),
        Arguments.of(
            "fewer zones than minDomains: the least counts as none",
            "a1 b1",
            spread(hard("zone", 1, ", minDomains: 3")),
            ""),
        Arguments.of(
            "as many zones as minDomains",
            "a1 b1",
            spread(hard("zone", 1, ", minDomains: 2")),
            "a1 a2 b1"),
        Arguments.of(
            "a zone that the node selector rules out is not the emptiest",
            "a1",
            spread(hard("zone", 1, "")) + onlyA,
            "a1 a2 b1"),
        Arguments.of(
            "unless nodeAffinityPolicy says so",
            "a1",
            spread(hard("zone", 1, ", nodeAffinityPolicy: 'Ignore'")) + onlyA,
            "b1"),
        Arguments.of(
            "the pod itself counts only when it is selected",
            "a1",
            spread(hard("zone", 1, "").replace("'web'", "'other'")),
            "a1 a2 b1"),
        Arguments.of(
            "a preferred constraint rules nothing out",
            "a1 a1 a1",
            spread(constraint("zone", 1, "ScheduleAnyway", "")),
            "a1 a2 b1 x"),
        Arguments.of(
            "matchLabelKeys count pods with the same value only",
            "a1",
            spread(hard("zone", 1, ", matchLabelKeys: ['track']")),
            "a1 a2 b1"));
  }

  @Test
  void taintedNodesCountUnlessThePolicyHonoursTaints() {
    Book book = with("a1 a2");
    book.post(
        Samples.node("c1", "zone: 'c'", "taints: [{key: 'k', value: 'v', effect: 'NoSchedule'}]"));
    book.show(Samples.labelled("b", "app: 'web'", "b1", "{}"));
    assertThat(Samples.allowed(PLUGIN, web(spread(hard("zone", 1, ""))), book)).isEqualTo("c1");
    String honest = spread(hard("zone", 1, ", nodeTaintsPolicy: 'Honor'"));
    assertThat(Samples.allowed(PLUGIN, web(honest), book)).isEqualTo("b1 c1");
  }

  @Test
  void podsThatAreBeingEndedAndPodsElsewhereDoNotCount() {
    Book book = Samples.zones();
    book.show(Samples.labelled("prod", "far", "app: 'web'", "a1", "{}"));
    book.show(
        PodRequest.read(
            Samples.json(
                """
                {metadata: {uid: 'u', namespace: 'default', name: 'going', labels: {app: 'web'},
                 deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {nodeName: 'a1'}}\
                """)));
    assertThat(Samples.allowed(PLUGIN, web(spread(hard("zone", 1, ""))), book))
        .isEqualTo("a1 a2 b1");
  }

  @Test
  void withTheLastNodeOfAPlaceThePlaceGoes() {
    Book book = with("a1");
    PodRequest pod = web(spread(hard("zone", 1, "")));
    assertThat(Samples.allowed(PLUGIN, pod, book)).isEqualTo("b1");
    book.withdraw("b1");
    assertThat(Samples.allowed(PLUGIN, pod, book)).isEqualTo("a1 a2");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void emptierPlacesAreBetter(String sentence, String placed, String spec, String scores) {
    assertThat(Samples.scores(PLUGIN, web(spec), with(placed))).isEqualTo(scores);
  }

  static Stream<Arguments> emptierPlacesAreBetter() {
    String zone = constraint("zone", 1, "ScheduleAnyway", "");
    String host = constraint("kubernetes.io/hostname", 1, "ScheduleAnyway", "");
    return Stream.of(
        Arguments.of("nothing is preferred", "a1", "", ""),
        Arguments.of(
            "a required constraint prefers nothing", "a1", spread(hard("zone", 1, "")), ""),
        Arguments.of(
            "no pods anywhere: all are as good, except without the label",
            "",
            spread(zone),
            "a1=100 a2=100 b1=100 x=0"),
        // ln(2 zones + 2) = 1.386: 3 pods are 4.16, rounded 4; 1 pod is 1.
        Arguments.of("the emptier zone", "a1 a1 a2 b1", spread(zone), "a1=25 a2=25 b1=100 x=0"),
        // ln(4 hosts + 2) = 1.79: 2 pods are 3.58, rounded 4; 1 pod is 2.
        Arguments.of("the emptier host", "a1 a1 b1", spread(host), "a1=0 a2=100 b1=50 x=100"),
        // Of the three nodes with both labels: hosts ln 5 = 1.61, zones ln 4 = 1.386.
        Arguments.of(
            "both together", "a1 b1", spread(host + "," + zone), "a1=33 a2=100 b1=33 x=0"));
  }

  @Test
  void podsWithoutConstraintsAreSpreadWithTheirServiceAndController() {
    Book book = with("a1 a1 b1");
    LabelSelector controller = LabelSelector.ofLabels(Map.of("track", "blue"));
    book.surroundings(
        namespace -> Map.of(),
        pod -> DefaultSpread.of(pod, List.of(Map.of("app", "web")), Optional.empty()));
    // By host with a skew of 3 and a weight of ln 6: 2 pods are 5.58, 1 pod is 3.79, none is 2.
    assertThat(Samples.scores(PLUGIN, web(""), book)).isEqualTo("a1=33 a2=100 b1=66 x=100");
    book.surroundings(
        namespace -> Map.of(),
        pod -> DefaultSpread.of(pod, List.of(Map.of("app", "web")), Optional.of(controller)));
    assertThat(Samples.scores(PLUGIN, web(""), book)).isEqualTo("a1=100 a2=100 b1=100 x=100");
    book.surroundings(
        namespace -> Map.of(), pod -> DefaultSpread.of(pod, List.of(), Optional.empty()));
    assertThat(Samples.scores(PLUGIN, web(""), book)).isEmpty();
  }
}
