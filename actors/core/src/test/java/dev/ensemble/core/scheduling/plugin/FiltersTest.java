package dev.ensemble.core.scheduling.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.core.scheduling.Samples;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FiltersTest {
  private static final String AFFINITY = "node(s) didn't match Pod's node affinity/selector";
  private static final String TAINTS = "node(s) had untolerated taint(s)";
  private static final String PORTS = "node(s) didn't have free ports for the requested pod ports";

  private static List<String> reasons(PodRequest pod, Offer offer) {
    return new Placement(DefaultProfile.create())
        .judge(pod, offer)
        .map(Refusal::reasons)
        .orElse(List.of());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void taintsKeepPodsAway(String sentence, String taints, String tolerations, String reason) {
    Offer node = Samples.node("n", "", "taints: [" + taints + "]");
    PodRequest pod = Samples.pod("p", "{tolerations: [" + tolerations + "]}");
    assertThat(reasons(pod, node)).isEqualTo(reason.isEmpty() ? List.of() : List.of(reason));
  }

  static Stream<Arguments> taintsKeepPodsAway() {
    String hard = "{key: 'a', value: 'b', effect: 'NoSchedule'}";
    String exec = "{key: 'a', effect: 'NoExecute'}";
    return Stream.of(
        Arguments.of("no toleration", hard, "", TAINTS),
        Arguments.of("the same key and value", hard, "{key: 'a', value: 'b'}", ""),
        Arguments.of("another value", hard, "{key: 'a', value: 'c'}", TAINTS),
        Arguments.of("the key exists", hard, "{key: 'a', operator: 'Exists'}", ""),
        Arguments.of("everything exists", hard, "{operator: 'Exists'}", ""),
        Arguments.of("another effect", hard, "{key: 'a', value: 'b', effect: 'NoExecute'}", TAINTS),
        Arguments.of("a taint to end pods keeps them away too", exec, "", TAINTS),
        Arguments.of("an empty value equals an absent one", exec, "{key: 'a'}", ""),
        Arguments.of("a soft taint", "{key: 'a', effect: 'PreferNoSchedule'}", "", ""),
        Arguments.of("a gated operator", hard, "{key: 'a', operator: 'Gt', value: 'b'}", TAINTS),
        Arguments.of(
            "two taints, one tolerated", hard + "," + exec, "{key: 'a', value: 'b'}", TAINTS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void affinityAndSelectorsMustMatch(String sentence, String spec, String reason) {
    Offer node = Samples.node("n1", "zone: 'east', size: '4'", "");
    assertThat(reasons(Samples.pod("p", spec), node))
        .isEqualTo(reason.isEmpty() ? List.of() : List.of(reason));
  }

  static Stream<Arguments> affinityAndSelectorsMustMatch() {
    return Stream.of(
        Arguments.of("a selector that fits", "{nodeSelector: {zone: 'east'}}", ""),
        Arguments.of("a selector that does not", "{nodeSelector: {zone: 'west'}}", AFFINITY),
        Arguments.of("In", terms(label("zone", "In", "'west', 'east'")), ""),
        Arguments.of("In without the label", terms(label("x", "In", "'y'")), AFFINITY),
        Arguments.of("NotIn without the label", terms(label("x", "NotIn", "'y'")), ""),
        Arguments.of("NotIn", terms(label("zone", "NotIn", "'east'")), AFFINITY),
        Arguments.of("Exists", terms(label("zone", "Exists", "")), ""),
        Arguments.of("DoesNotExist", terms(label("zone", "DoesNotExist", "")), AFFINITY),
        Arguments.of("Gt compares numbers", terms(label("size", "Gt", "'3'")), ""),
        Arguments.of("Gt is strict", terms(label("size", "Gt", "'4'")), AFFINITY),
        Arguments.of("Lt compares numbers, not text", terms(label("size", "Lt", "'10'")), ""),
        Arguments.of(
            "Lt with a label that is no number", terms(label("zone", "Lt", "'9'")), AFFINITY),
        Arguments.of(
            "one of two terms",
            terms(label("zone", "In", "'west'"), label("zone", "In", "'east'")),
            ""),
        Arguments.of(
            "all requirements of a term",
            terms(
                "{matchExpressions: [{key: 'zone', operator: 'Exists'},"
                    + " {key: 'x', operator: 'Exists'}]}"),
            AFFINITY),
        Arguments.of("an empty term matches nothing", terms("{}"), AFFINITY),
        Arguments.of("no terms match nothing", terms(), AFFINITY),
        Arguments.of("a field", terms(field("'n1'")), ""),
        Arguments.of("another node's field", terms(field("'n2'")), AFFINITY),
        Arguments.of(
            "two fields that exclude each other",
            terms(
                "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['n1']},"
                    + " {key: 'metadata.name', operator: 'In', values: ['n2']}]}"),
            "pod affinity terms conflict"));
  }

  private static String terms(String... terms) {
    return "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
        + " {nodeSelectorTerms: ["
        + String.join(",", terms)
        + "]}}}}";
  }

  private static String label(String key, String operator, String values) {
    return "{matchExpressions: [{key: '%s', operator: '%s', values: [%s]}]}"
        .formatted(key, operator, values);
  }

  private static String field(String values) {
    return "{matchFields: [{key: 'metadata.name', operator: 'In', values: [" + values + "]}]}";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void portsAreTakenOnce(String sentence, String taken, String wanted, String reason) {
    Offer node = Samples.holding(Samples.node("n"), port("first", taken));
    assertThat(reasons(port("second", wanted), node))
        .isEqualTo(reason.isEmpty() ? List.of() : List.of(reason));
  }

  static Stream<Arguments> portsAreTakenOnce() {
    return Stream.of(
        Arguments.of("the same port", "hostPort: 80", "hostPort: 80", PORTS),
        Arguments.of("another port", "hostPort: 80", "hostPort: 81", ""),
        Arguments.of("another protocol", "hostPort: 80", "hostPort: 80, protocol: 'UDP'", ""),
        Arguments.of(
            "any address meets one", "hostPort: 80", "hostPort: 80, hostIP: '10.0.0.1'", PORTS),
        Arguments.of(
            "one address meets any",
            "hostPort: 80, hostIP: '10.0.0.1'",
            "hostPort: 80, hostIP: '0.0.0.0'",
            PORTS),
        Arguments.of(
            "two addresses",
            "hostPort: 80, hostIP: '10.0.0.1'",
            "hostPort: 80, hostIP: '10.0.0.2'",
            ""),
        Arguments.of("no host port", "containerPort: 80", "containerPort: 80", ""));
  }

  private static PodRequest port(String name, String port) {
    return Samples.pod(name, "{containers: [{name: 'c', ports: [{" + port + "}]}]}");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void roomIsNeeded(String sentence, String held, String wanted, List<String> reasons) {
    Offer node = Samples.holding(Samples.node("n"), Samples.asking("first", held));
    assertThat(reasons(Samples.asking("second", wanted), node)).isEqualTo(reasons);
  }

  static Stream<Arguments> roomIsNeeded() {
    return Stream.of(
        Arguments.of("exactly what is left", "cpu: '3'", "cpu: '1'", List.of()),
        Arguments.of("a thousandth more", "cpu: '3'", "cpu: '1001m'", List.of("Insufficient cpu")),
        Arguments.of(
            "two at once",
            "cpu: '3', memory: '8Gi'",
            "cpu: '2', memory: '1'",
            List.of("Insufficient cpu", "Insufficient memory")),
        Arguments.of("nothing asked of a full node", "cpu: '4', memory: '8Gi'", "", List.of()),
        Arguments.of(
            "storage",
            "",
            "'ephemeral-storage': '11Gi'",
            List.of("Insufficient ephemeral-storage")),
        Arguments.of(
            "an extended resource",
            "'example.com/gpu': '1'",
            "'example.com/gpu': '2'",
            List.of("Insufficient example.com/gpu")),
        Arguments.of(
            "a resource that the node has not",
            "",
            "'example.com/fpga': '1'",
            List.of("Insufficient example.com/fpga")),
        Arguments.of(
            "none of a resource that the node has not", "", "'example.com/fpga': '0'", List.of()));
  }

  @Test
  void aNodeTakesNoMorePodsThanItSays() {
    Offer one =
        Offer.read(
            Samples.json("{metadata: {name: 'n'}, status: {allocatable: {pods: '1', cpu: '1'}}}"));
    assertThat(reasons(Samples.plain(), one)).isEmpty();
    Offer full = Samples.holding(one, Samples.asking("x", "cpu: '1'"));
    assertThat(reasons(Samples.asking("y", "cpu: '1'"), full))
        .isEqualTo(List.of("Too many pods", "Insufficient cpu"));
  }

  @Test
  void endingPodsHelpsOnlyWhenTheNodeIsLargeEnough() {
    Placement placement = new Placement(DefaultProfile.create());
    Offer node = Samples.holding(Samples.node("n"), Samples.asking("first", "cpu: '3'"));
    assertThat(placement.judge(Samples.asking("p", "cpu: '2'"), node).map(Refusal::remedy))
        .isEqualTo(Optional.of(Refusal.Remedy.PREEMPTION));
    assertThat(placement.judge(Samples.asking("p", "cpu: '5'"), node).map(Refusal::remedy))
        .isEqualTo(Optional.of(Refusal.Remedy.NONE));
  }

  @Test
  void aCordonedNodeTakesOnlyPodsThatTolerateIt() {
    Offer node = Samples.node("n", "", "unschedulable: true");
    assertThat(reasons(Samples.plain(), node)).isEqualTo(List.of("node(s) were unschedulable"));
    String tolerant =
        "{tolerations: [{key: 'node.kubernetes.io/unschedulable', operator: 'Exists'}]}";
    assertThat(reasons(Samples.pod("p", tolerant), node)).isEmpty();
  }

  @Test
  void aPodThatNamesAnotherNodeIsRefused() {
    assertThat(reasons(Samples.pod("p", "{nodeName: 'other'}"), Samples.node("n")))
        .isEqualTo(List.of("node(s) didn't match the requested node name"));
  }

  @Test
  void gatesHoldBack() {
    String spec = "{schedulingGates: [{name: 'a'}, {name: 'b'}]}";
    assertThat(reasons(Samples.pod("p", spec), Samples.node("n")))
        .isEqualTo(List.of("waiting for scheduling gates: [a b]"));
  }
}
