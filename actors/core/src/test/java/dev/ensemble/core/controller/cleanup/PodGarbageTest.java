package dev.ensemble.core.controller.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Simulation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodGarbageTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

  private static PodFacts pod(String name, String node, String phase, String extra) {
    return PodFacts.of(
        Simulation.json(
            "{'metadata':{'name':'%s','namespace':'shop','uid':'%s','creationTimestamp':'2026-01-01T00:00:0%dZ'%s},'spec':{'nodeName':'%s'},'status':{'phase':'%s'}}"
                .formatted(name, name, name.length(), extra, node, phase)));
  }

  private static List<String> sweep(Instant goneSince, int finishedMax, PodFacts... pods) {
    return PodGarbage.sweep(
            new PodGarbage.View(
                List.of(pods), Set.of("here"), Map.of("gone", goneSince), finishedMax),
            NOW)
        .actions()
        .stream()
        .map(
            action ->
                action instanceof Action.Delete delete
                    ? "delete " + delete.key().name()
                    : "fail " + ((Action.Amend) action).key().name())
        .toList();
  }

  @Test
  void podsOfANodeThatIsGoneAreFailedAndRemovedAfterAWhile() {
    PodFacts lost = pod("lost", "gone", "Running", "");
    PodFacts fine = pod("fine", "here", "Running", "");
    assertThat(sweep(NOW.minusSeconds(39), 10, lost, fine)).isEmpty();
    assertThat(sweep(NOW.minusSeconds(40), 10, lost, fine))
        .containsExactly("fail lost", "delete lost");
  }

  @Test
  void theOldestFinishedPodsAboveTheLimitAreRemoved() {
    assertThat(
            sweep(
                NOW,
                1,
                pod("aaa", "here", "Succeeded", ""),
                pod("a", "here", "Failed", ""),
                pod("aa", "here", "Succeeded", ""),
                pod("b", "here", "Running", "")))
        .containsExactly("delete a", "delete aa");
  }

  @Test
  void aPodDeletedBeforeItWasPlacedIsRemoved() {
    String going = ",'deletionTimestamp':'2026-01-01T00:10:30Z'";
    assertThat(
            sweep(
                NOW,
                10,
                pod("placed", "here", "Running", going),
                pod("never", "", "Pending", going)))
        .containsExactly("delete never");
  }
}
