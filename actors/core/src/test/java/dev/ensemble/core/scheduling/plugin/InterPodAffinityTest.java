package dev.ensemble.core.scheduling.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Samples;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InterPodAffinityTest {
  private static final String ALL = "a1 a2 b1 x";
  private static final InterPodAffinity PLUGIN = new InterPodAffinity();

  private static String term(String labels, String key, String more) {
    return "{labelSelector: {matchLabels: {%s}}, topologyKey: '%s'%s}".formatted(labels, key, more);
  }

  private static String webTerm(String key) {
    return term("app: 'web'", key, "");
  }

  private static String required(String sort, String terms) {
    return "{affinity: {%s: {requiredDuringSchedulingIgnoredDuringExecution: [%s]}}}"
        .formatted(sort, terms);
  }

  private static String near(String terms) {
    return required("podAffinity", terms);
  }

  private static String away(String terms) {
    return required("podAntiAffinity", terms);
  }

  private static PodRequest web(String node) {
    return Samples.labelled("web-" + node, "app: 'web'", node, "{}");
  }

  private static PodRequest db(String node) {
    return Samples.labelled("db-" + node, "app: 'db'", node, "{}");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void requiredTermsOfThePodRuleOutPlaces(
      String sentence, List<PodRequest> placed, String spec, String allowed) {
    Book book = withProd();
    placed.forEach(book::show);
    PodRequest pod = Samples.labelled("new", "app: 'new', track: 'blue'", "", spec);
    assertThat(Samples.allowed(PLUGIN, pod, book)).isEqualTo(allowed);
  }

  static Stream<Arguments> requiredTermsOfThePodRuleOutPlaces() {
    List<PodRequest> one = List.of(web("a1"), db("b1"));
    PodRequest blue = Samples.labelled("blue", "app: 'web', track: 'blue'", "b1", "{}");
    PodRequest elsewhere = Samples.labelled("prod", "far", "app: 'web'", "b1", "{}");
    String host = "kubernetes.io/hostname";
    return Stream.of(
        Arguments.of("affinity to a zone", one, near(webTerm("zone")), "a1 a2"),
        Arguments.of("affinity to a host", one, near(webTerm(host)), "a1"),
        Arguments.of(
            "affinity to pods that are nowhere", one, near(term("app: 'y'", "zone", "")), ""),
        Arguments.of(
            "the first of a group that wants to be together goes where the label is",
            one,
            near(term("app: 'new'", "zone", "")),
            "a1 a2 b1"),
        Arguments.of(
            "of two terms each must hold, for pods that both mean",
            List.of(web("a1"), blue),
            near(webTerm("zone") + "," + term("track: 'blue'", host, "")),
            "b1"),
        Arguments.of("anti-affinity to a zone", one, away(webTerm("zone")), "b1 x"),
        Arguments.of("anti-affinity to a host", one, away(webTerm(host)), "a2 b1 x"),
        Arguments.of(
            "any of two terms is enough to stay away",
            one,
            away(webTerm("zone") + "," + term("app: 'db'", host, "")),
            "x"),
        Arguments.of(
            "pods of other namespaces do not count",
            List.of(elsewhere),
            away(webTerm("zone")),
            ALL),
        Arguments.of(
            "unless they are named",
            List.of(elsewhere),
            away(term("app: 'web'", "zone", ", namespaces: ['prod']")),
            "a1 a2 x"),
        Arguments.of(
            "or selected by their labels",
            List.of(elsewhere, web("a1")),
            away(term("app: 'web'", "zone", ", namespaceSelector: {matchLabels: {env: 'prod'}}")),
            "a1 a2 x"),
        Arguments.of(
            "an empty selector selects all namespaces",
            List.of(elsewhere, web("a1")),
            away(term("app: 'web'", "zone", ", namespaceSelector: {}")),
            "x"),
        Arguments.of(
            "an absent label selector means no pod", one, away("{topologyKey: 'zone'}"), ALL),
        Arguments.of(
            "matchLabelKeys narrow to pods with the same value",
            List.of(web("a1"), blue),
            away(term("app: 'web'", "zone", ", matchLabelKeys: ['track']")),
            "a1 a2 x"),
        Arguments.of(
            "mismatchLabelKeys narrow to pods with another value",
            List.of(web("a1"), blue),
            away(term("app: 'web'", "zone", ", mismatchLabelKeys: ['track']")),
            "b1 x"));
  }

  private static Book withProd() {
    Book book = Samples.zones();
    book.surroundings(
        namespace -> namespace.equals("prod") ? Map.of("env", "prod") : Map.of(), pod -> List.of());
    return book;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requiredTermsOfThePodRuleOutPlaces")
  void countsThatAreKeptUpToDateSayTheSame(
      String sentence, List<PodRequest> placed, String spec, String allowed) {
    Book book = withProd();
    PodRequest pod = Samples.labelled("new", "app: 'new', track: 'blue'", "", spec);
    List<PodRequest> passing = List.of(web("a2"), db("x"));
    passing.forEach(book::show);
    Samples.allowed(PLUGIN, pod, book);
    placed.forEach(book::show);
    Samples.allowed(PLUGIN, pod, book);
    passing.forEach(p -> book.hide(p.uid()));
    assertThat(Samples.allowed(PLUGIN, pod, book)).isEqualTo(allowed);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void podsThereKeepOthersAway(String sentence, PodRequest there, String allowed) {
    Book book = withProd();
    book.show(there);
    PodRequest pod = Samples.labelled("new", "app: 'new'", "", "{}");
    assertThat(Samples.allowed(PLUGIN, pod, book)).isEqualTo(allowed);
  }

  static Stream<Arguments> podsThereKeepOthersAway() {
    String fromNew = away(term("app: 'new'", "zone", ""));
    String fromAll = away(term("app: 'new'", "zone", ", namespaceSelector: {}"));
    return Stream.of(
        Arguments.of("from their zone", Samples.labelled("t", "", "a1", fromNew), "b1 x"),
        Arguments.of(
            "not when they mean others",
            Samples.labelled("t", "", "a1", away(webTerm("zone"))),
            ALL),
        Arguments.of(
            "not from a node without the label", Samples.labelled("t", "", "x", fromNew), ALL),
        Arguments.of(
            "not those of another namespace",
            Samples.labelled("prod", "t", "", "a1", fromNew),
            ALL),
        Arguments.of(
            "unless they mean all namespaces",
            Samples.labelled("prod", "t", "", "a1", fromAll),
            "b1 x"));
  }

  @Test
  void aPodThatIsAssumedCountsUntilItIsReleased() {
    Book book = Samples.zones();
    PodRequest first = Samples.labelled("one", "app: 'web'", "", away(webTerm("zone")));
    PodRequest second = Samples.labelled("two", "app: 'web'", "", away(webTerm("zone")));
    book.assume("a1", first);
    assertThat(Samples.allowed(PLUGIN, second, book)).isEqualTo("b1 x");
    book.release("a1", first.uid());
    assertThat(Samples.allowed(PLUGIN, second, book)).isEqualTo(ALL);
  }

  @Test
  void aPodThatIsAssumedElsewhereBeforeItIsReleasedCountsThere() {
    Book book = Samples.zones();
    PodRequest first = Samples.labelled("one", "app: 'web'", "", "{}");
    PodRequest other = Samples.labelled("two", "", "", away(webTerm("zone")));
    book.assume("a1", first);
    book.assume("b1", first);
    book.release("a1", first.uid());
    assertThat(Samples.allowed(PLUGIN, other, book)).isEqualTo("a1 a2 x");
    book.withdraw("b1");
    book.post(Samples.zoned("b1", "zone: 'b',"));
    assertThat(Samples.allowed(PLUGIN, other, book)).isEqualTo(ALL);
  }

  @Test
  void aPodThatIsShownStaysWhenItsAssumptionEnds() {
    Book book = Samples.zones();
    PodRequest pod = Samples.labelled("one", "app: 'web'", "", "{}");
    PodRequest other = Samples.labelled("two", "", "", away(webTerm("zone")));
    book.assume("a1", pod);
    book.show(pod.at("a1"));
    book.release("a1", pod.uid());
    assertThat(Samples.allowed(PLUGIN, other, book)).isEqualTo("b1 x");
    book.hide(pod.uid());
    assertThat(Samples.allowed(PLUGIN, other, book)).isEqualTo(ALL);
  }

  @Test
  void aNodeThatChangesItsZoneTakesItsPodsAlong() {
    Book book = Samples.zones();
    book.show(web("a1"));
    PodRequest other = Samples.labelled("two", "", "", away(webTerm("zone")));
    assertThat(Samples.allowed(PLUGIN, other, book)).isEqualTo("b1 x");
    book.post(Samples.zoned("a1", "zone: 'b',"));
    assertThat(Samples.allowed(PLUGIN, other, book)).isEqualTo("a2 x");
    book.withdraw("a1");
    assertThat(Samples.allowed(PLUGIN, other, book)).isEqualTo("a2 b1 x");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void preferredTermsCountByWeight(
      String sentence, List<PodRequest> placed, String spec, String scores) {
    Book book = Samples.zones();
    placed.forEach(book::show);
    PodRequest pod = Samples.labelled("new", "app: 'new'", "", spec);
    assertThat(Samples.scores(PLUGIN, pod, book)).isEqualTo(scores);
  }

  private static String preferred(String sort, String term, int weight) {
    return "{affinity: {%s: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: %d, podAffinityTerm: %s}]}}}"
        .formatted(sort, weight, term);
  }

  static Stream<Arguments> preferredTermsCountByWeight() {
    List<PodRequest> webs = List.of(web("a1"), web("a2"), web("b1"));
    String meansNew = term("app: 'new'", "zone", "");
    return Stream.of(
        Arguments.of("nothing is preferred", webs, "{}", ""),
        Arguments.of(
            "the zone with more of them is better",
            webs,
            preferred("podAffinity", webTerm("zone"), 10),
            "a1=100 a2=100 b1=50 x=0"),
        Arguments.of(
            "anti-affinity makes it worse",
            webs,
            preferred("podAntiAffinity", webTerm("zone"), 10),
            "a1=0 a2=0 b1=50 x=100"),
        Arguments.of(
            "pods there that prefer the new one count too",
            List.of(Samples.labelled("t", "", "b1", preferred("podAffinity", meansNew, 7))),
            "{}",
            "a1=0 a2=0 b1=100 x=0"),
        Arguments.of(
            "and those that would rather be without it",
            List.of(Samples.labelled("t", "", "b1", preferred("podAntiAffinity", meansNew, 7))),
            "{}",
            "a1=100 a2=100 b1=0 x=100"),
        Arguments.of(
            "a required term of a pod there counts as a weight of one",
            List.of(
                Samples.labelled("t", "", "a1", near(meansNew)),
                Samples.labelled("u", "", "b1", preferred("podAffinity", meansNew, 4))),
            "{}",
            "a1=25 a2=25 b1=100 x=0"));
  }
}
