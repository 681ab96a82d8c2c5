package dev.ensemble.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.Reference;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventCorrelatorTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final EventCorrelator correlator = new EventCorrelator();

  private static Note note(String message) {
    return Note.normal(
        new Reference("v1", "Pod", "shop", "web", "u"), "Pulled", message, "kubelet");
  }

  @Test
  void theSameAgainCountsOnTheEventThatIsThere() {
    EventCorrelator.Written first = new EventCorrelator.Written("web.1", "e1", 1);
    assertThat(correlator.judge(note("same"), NOW))
        .contains(new EventCorrelator.Verdict(note("same"), Optional.empty()));
    correlator.wrote(note("same"), first);
    assertThat(correlator.judge(note("same"), NOW))
        .contains(new EventCorrelator.Verdict(note("same"), Optional.of(first)));
    correlator.lost(note("same"));
    assertThat(correlator.judge(note("same"), NOW))
        .contains(new EventCorrelator.Verdict(note("same"), Optional.empty()));
  }

  @Test
  void afterTenDifferentMessagesTheRestAreCombined() {
    for (int i = 0; i < 10; i++) {
      assertThat(correlator.judge(note("m" + i), NOW).orElseThrow().note())
          .isEqualTo(note("m" + i));
    }
    Note combined = correlator.judge(note("m10"), NOW).orElseThrow().note();
    assertThat(combined).isEqualTo(note("(combined from similar events): m10"));
    EventCorrelator.Written one = new EventCorrelator.Written("web.1", "e1", 1);
    correlator.wrote(combined, one);
    assertThat(correlator.judge(note("m11"), NOW))
        .contains(
            new EventCorrelator.Verdict(
                note("(combined from similar events): m11"), Optional.of(one)));
  }

  @Test
  void whoSaysTooMuchIsHeardAgainAfterAWhile() {
    for (int i = 0; i < 25; i++) {
      assertThat(correlator.judge(note("same"), NOW)).isPresent();
    }
    assertThat(correlator.judge(note("same"), NOW)).isEmpty();
    assertThat(correlator.judge(note("same"), NOW.plusSeconds(299))).isEmpty();
    assertThat(correlator.judge(note("same"), NOW.plusSeconds(301))).isPresent();
  }
}
