package dev.ensemble.agent.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.ContainerState.Phase;
import dev.ensemble.agent.runtime.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SandboxState SANDBOX =
      new SandboxState(
          "s", "u", "default", "p", 0, true, NOW, List.of("10.0.0.1"), Map.of(), Map.of());
  private static final PodMemory PREPARED = PodMemory.startingAt(NOW).withPrepared(true);

  private static PodDefinition pod(String spec) {
    try {
      ObjectNode pod = Fields.object();
      pod.putObject("metadata").put("name", "p").put("namespace", "default").put("uid", "u");
      pod.set("spec", new ObjectMapper().readTree(spec.replace('\'', '"')));
      return new PodDefinition(pod);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ContainerState container(String name, int attempt, Phase phase, int exitCode) {
    return new ContainerState(
        name + attempt,
        "s",
        "u",
        name,
        attempt,
        phase,
        NOW.plusSeconds(attempt),
        Optional.of(NOW),
        phase == Phase.EXITED ? Optional.of(NOW) : Optional.empty(),
        exitCode,
        "",
        "",
        "i",
        "i",
        Map.of(),
        Map.of());
  }

  private static List<String> keys(PodPlan plan) {
    return plan.actions().stream()
        .map(action -> action.getClass().getSimpleName() + " " + action.key())
        .toList();
  }

  private static final PodDefinition TWO =
      pod("{'containers':[{'name':'a','image':'i'},{'name':'b','image':'i'}]}");

  @Test
  void aNewPodIsPreparedThenGetsItsSandboxThenAllContainersAtOnce() {
    assertThat(keys(PodPlan.of(TWO, PodFacts.NONE, PodMemory.startingAt(NOW), NOW)))
        .containsExactly("Prepare prepare");
    assertThat(keys(PodPlan.of(TWO, PodFacts.NONE, PREPARED, NOW)))
        .containsExactly("CreateSandbox sandbox");
    assertThat(keys(PodPlan.of(TWO, PodFacts.NONE.with(SANDBOX), PREPARED, NOW)))
        .containsExactly("StartContainer container:a", "StartContainer container:b");
  }

  @Test
  void whatIsBusyIsNotBegunAgain() {
    PodMemory busy = PREPARED.begin("container:a");
    assertThat(keys(PodPlan.of(TWO, PodFacts.NONE.with(SANDBOX), busy, NOW)))
        .containsExactly("StartContainer container:b");
  }

  @Test
  void aPostStartHookHoldsTheNextContainerBack() {
    PodDefinition hooked =
        pod(
            "{'containers':[{'name':'a','image':'i','lifecycle':{'postStart':{'sleep':{'seconds':1}}}},"
                + "{'name':'b','image':'i'}]}");
    assertThat(keys(PodPlan.of(hooked, PodFacts.NONE.with(SANDBOX), PREPARED, NOW)))
        .containsExactly("StartContainer container:a");
  }

  @Test
  void initContainersRunOneAfterTheOther() {
    PodDefinition pod =
        pod(
            "{'initContainers':[{'name':'i1','image':'i'},{'name':'i2','image':'i'}],"
                + "'containers':[{'name':'a','image':'i'}]}");
    PodFacts facts = PodFacts.NONE.with(SANDBOX);
    assertThat(keys(PodPlan.of(pod, facts, PREPARED, NOW)))
        .containsExactly("StartContainer container:i1");
    facts = facts.with(container("i1", 0, Phase.RUNNING, 0));
    assertThat(PodPlan.of(pod, facts, PREPARED, NOW).actions()).isEmpty();
    facts = facts.with(container("i1", 0, Phase.EXITED, 0));
    assertThat(keys(PodPlan.of(pod, facts, PREPARED, NOW)))
        .containsExactly("StartContainer container:i2");
    facts = facts.with(container("i2", 0, Phase.EXITED, 0));
    assertThat(keys(PodPlan.of(pod, facts, PREPARED, NOW)))
        .containsExactly("StartContainer container:a");
  }

  @Test
  void aCrashedContainerWaitsItsBackoffOutAndThePlanWakesThen() {
    PodFacts facts =
        PodFacts.NONE
            .with(SANDBOX)
            .with(container("a", 1, Phase.EXITED, 1))
            .with(container("b", 0, Phase.RUNNING, 0));
    PodMemory memory =
        PREPARED.with("a", ContainerMemory.NONE.withCrash(new Backoff(Backoff.INITIAL, NOW)));
    PodPlan plan = PodPlan.of(TWO, facts, memory, NOW.plusSeconds(4));
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.wakeAt()).contains(NOW.plusSeconds(10));
    assertThat(plan.backingOff().get("a").reason()).isEqualTo("CrashLoopBackOff");
    assertThat(keys(PodPlan.of(TWO, facts, memory, NOW.plusSeconds(10))))
        .containsExactly("StartContainer container:a");
  }

  @Test
  void aFinishedPodStopsItsSandboxAndKeepsItsContainers() {
    PodDefinition once = pod("{'restartPolicy':'Never','containers':[{'name':'a','image':'i'}]}");
    PodFacts facts = PodFacts.NONE.with(SANDBOX).with(container("a", 0, Phase.EXITED, 1));
    assertThat(keys(PodPlan.of(once, facts, PREPARED, NOW))).containsExactly("StopSandbox sandbox");
  }

  @Test
  void anEndingPodIsStoppedRemovedAndCleanedUpInThatOrder() {
    PodMemory ending =
        PREPARED.withEnding(new PodMemory.Ending(Duration.ofSeconds(30), true, "", "", NOW));
    PodFacts facts = PodFacts.NONE.with(SANDBOX).with(container("a", 0, Phase.RUNNING, 0));
    assertThat(keys(PodPlan.of(TWO, facts, ending, NOW)))
        .containsExactly("KillContainer container:a");
    facts = facts.with(container("a", 0, Phase.EXITED, 0));
    assertThat(keys(PodPlan.of(TWO, facts, ending, NOW))).containsExactly("StopSandbox sandbox");
    assertThat(keys(PodPlan.of(TWO, PodFacts.NONE, ending, NOW)))
        .containsExactly("CleanUp clean-up");
  }

  @Test
  void aBackoffDoublesUpToFiveMinutesAndIsForgottenAfterTen() {
    Optional<Backoff> backoff = Optional.empty();
    for (int i = 0; i < 7; i++) {
      backoff = Optional.of(Backoff.next(backoff, NOW, NOW));
    }
    assertThat(backoff.get().delay()).isEqualTo(Backoff.MAX);
    Instant later = NOW.plus(Duration.ofMinutes(11));
    assertThat(Backoff.until(backoff, later, later)).isEmpty();
    assertThat(Backoff.next(backoff, later, later).delay()).isEqualTo(Backoff.INITIAL);
  }

  @Test
  void expansionKeepsWhatIsNotKnownAndUnescapesDollars() {
    assertThat(
            Expansion.expand(
                "$(A) $(B) $$(A) $ $(",
                name -> name.equals("A") ? Optional.of("1") : Optional.empty()))
        .isEqualTo("1 $(B) $(A) $ $(");
  }
}
