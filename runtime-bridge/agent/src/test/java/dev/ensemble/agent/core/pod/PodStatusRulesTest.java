package dev.ensemble.agent.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodMemory.Ending;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.ContainerState.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStatusRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final JsonNode RUNNING = json("{'phase':'Running'}");

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static PodDefinition pod(String spec) {
    ObjectNode pod = Fields.object();
    pod.putObject("metadata").put("name", "p").put("namespace", "default").put("uid", "u");
    pod.set("spec", json(spec));
    return new PodDefinition(pod);
  }

  private static ContainerState container(String name, Phase phase, int exitCode) {
    return new ContainerState(
        name,
        "s",
        "u",
        name,
        0,
        phase,
        NOW,
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

  private static ObjectNode status(
      PodDefinition pod, PodMemory memory, JsonNode previous, ContainerState... containers) {
    return PodStatusRules.status(
        pod, new PodFacts(List.of(), List.of(containers)), memory, previous, List.of(), NOW);
  }

  private static final PodMemory MEMORY = PodMemory.startingAt(NOW);

  @Test
  void aPodIsNotOverWhileItsSidecarRuns() {
    PodDefinition pod =
        pod(
            "{'restartPolicy':'Never','initContainers':[{'name':'s','restartPolicy':'Always'}],"
                + "'containers':[{'name':'c'}]}");
    ContainerState done = container("c", Phase.EXITED, 0);
    assertThat(
            Fields.text(
                status(pod, MEMORY, RUNNING, done, container("s", Phase.RUNNING, 0)), "phase"))
        .isEqualTo("Running");
    assertThat(
            Fields.text(
                status(pod, MEMORY, RUNNING, done, container("s", Phase.EXITED, 137)), "phase"))
        .isEqualTo("Succeeded");
  }

  @Test
  void aReasonIsToldWhenThePodHasEndedAndSurvivesItsDeletion() {
    PodDefinition pod = pod("{'containers':[{'name':'c'}]}");
    PodMemory late =
        MEMORY.withEnding(new Ending(Duration.ZERO, false, "DeadlineExceeded", "late", NOW));
    ObjectNode running = status(pod, late, RUNNING, container("c", Phase.RUNNING, 0));
    assertThat(Fields.text(running, "phase") + Fields.text(running, "reason")).isEqualTo("Running");
    PodMemory deleted = late.withEnding(new Ending(Duration.ofSeconds(1), true, "", "", NOW));
    ObjectNode over = status(pod, deleted, RUNNING, container("c", Phase.EXITED, 0));
    assertThat(Fields.text(over, "phase") + " " + Fields.text(over, "reason"))
        .isEqualTo("Failed DeadlineExceeded");
  }

  @Test
  void aContainersOwnRulesDecideWhetherItsPodGoesOn() {
    String pod = "{'restartPolicy':'%s','containers':[{'name':'c'%s}]}";
    String rule =
        ",'restartPolicy':'%s','restartPolicyRules':[{'action':'Restart',"
            + "'exitCodes':{'operator':'%s','values':[42]}}]";
    Map.of(
            pod.formatted("Never", ",'restartPolicy':'OnFailure'"), "Running",
            pod.formatted("Always", ",'restartPolicy':'Never'"), "Failed",
            pod.formatted("Never", rule.formatted("Never", "In")), "Running",
            pod.formatted("Never", rule.formatted("Never", "NotIn")), "Failed",
            pod.formatted("OnFailure", rule.formatted("Never", "NotIn")), "Failed")
        .forEach(
            (spec, phase) ->
                assertThat(
                        Fields.text(
                            status(pod(spec), MEMORY, RUNNING, container("c", Phase.EXITED, 42)),
                            "phase"))
                    .as(spec)
                    .isEqualTo(phase));
  }
}
