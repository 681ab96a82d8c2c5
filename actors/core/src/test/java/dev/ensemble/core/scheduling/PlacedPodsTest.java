package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.scheduling.PlacedPods.Counted;
import dev.ensemble.core.scheduling.PlacedPods.Held;
import dev.ensemble.core.selector.LabelSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts that are kept up to date through everything that happens, against counts made anew. */
class PlacedPodsTest {
  private static final int STEPS = 2_000;
  private static final List<PodScope> WEBS =
      List.of(PodScope.inNamespace("default", LabelSelector.ofLabels(Map.of("app", "web"))));

  /** What there is, in plain maps. */
  private static final class World {
    private final Map<String, String> zones = new TreeMap<>();
    private final Map<String, PodRequest> shown = new TreeMap<>();
    private final Map<String, String> assumed = new TreeMap<>();

    Book anew(List<PodRequest> pods) {
      Book book = new Book();
      zones.forEach((node, zone) -> book.post(Samples.zoned(node, "zone: '" + zone + "',")));
      shown.values().forEach(book::show);
      assumed.forEach(
          (uid, node) ->
              book.assume(
                  node,
                  pods.stream().filter(pod -> pod.uid().equals(uid)).findFirst().orElseThrow()));
      return book;
    }
  }

  private static String counts(Book book) {
    List<String> text = new ArrayList<>();
    Tally tally = book.pods().count(WEBS, Counted.ALL);
    text.add(new TreeMap<>(tally.byPlace("zone")).toString());
    for (int i = 0; i < 6; i++) {
      text.add("n" + i + "=" + tally.onNode("n" + i));
    }
    Map<String, Integer> avoiding = new TreeMap<>();
    book.pods()
        .held(Held.Kind.REQUIRED_ANTI)
        .values()
        .forEach(held -> avoiding.putAll(new HashMap<>(held.byPlace("zone"))));
    text.add(avoiding.toString());
    text.add(new TreeMap<>(book.topology().places("zone")).toString());
    return String.join(" ", text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void countsFollowWhateverHappens(int seed) {
    String away =
        "{affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: ["
            + "{labelSelector: {matchLabels: {app: 'web'}}, topologyKey: 'zone'}]}}}";
    List<PodRequest> pods = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      pods.add(
          Samples.labelled(
              "p" + i, i % 3 == 0 ? "app: 'db'" : "app: 'web'", "", i % 4 == 0 ? away : "{}"));
    }
    Random random = new Random(seed);
    World world = new World();
    Book book = new Book();
    for (int step = 0; step < STEPS; step++) {
      change(random, world, book, pods);
      if (random.nextInt(3) == 0) {
        assertThat(counts(book)).as("step %d", step).isEqualTo(counts(world.anew(pods)));
      }
    }
  }

  private static void change(Random random, World world, Book book, List<PodRequest> pods) {
    String node = "n" + random.nextInt(6);
    PodRequest pod = pods.get(random.nextInt(pods.size()));
    switch (random.nextInt(6)) {
      case 0 -> {
        String zone = "z" + random.nextInt(3);
        book.post(Samples.zoned(node, "zone: '" + zone + "',"));
        world.zones.put(node, zone);
      }
      case 1 -> {
        book.withdraw(node);
        world.zones.remove(node);
        world.assumed.values().removeIf(node::equals);
      }
      case 2 -> {
        book.show(pod.at(node));
        world.shown.put(pod.uid(), pod.at(node));
      }
      case 3 -> {
        book.hide(pod.uid());
        world.shown.remove(pod.uid());
      }
      case 4 -> {
        // As a negotiation does: the new place first, then the old one is given back.
        String before = world.assumed.put(pod.uid(), node);
        book.assume(node, pod);
        if (before != null && !before.equals(node)) {
          book.release(before, pod.uid());
        }
      }
      default -> {
        String before = world.assumed.remove(pod.uid());
        if (before != null) {
          book.release(before, pod.uid());
        }
      }
    }
  }
}
