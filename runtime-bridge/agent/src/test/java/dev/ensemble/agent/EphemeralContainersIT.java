package dev.ensemble.agent;

import static dev.ensemble.agent.SharedPods.container;
import static dev.ensemble.agent.SharedPods.delete;
import static dev.ensemble.agent.SharedPods.log;
import static dev.ensemble.agent.SharedPods.pod;
import static dev.ensemble.agent.SharedPods.run;
import static dev.ensemble.agent.SharedPods.shell;
import static dev.ensemble.agent.SharedPods.status;
import static dev.ensemble.agent.SharedPods.terminated;
import static dev.ensemble.agent.SharedPods.until;
import static dev.ensemble.agent.SharedPods.untilGone;
import static dev.ensemble.agent.SharedPods.untilReady;
import static dev.ensemble.agent.SharedPods.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import org.junit.jupiter.api.extension.ExtendWith;

/** Debugging containers in running pods, as kubectl debug adds them. Needs root. */
@ExtendWith(SharedPods.class)
class EphemeralContainersIT {
  @PodTest
  void aDebuggingContainerSeesItsTargetAndNeverComesBack() throws Exception {
    ObjectNode pod =
        pod(
            "debugged",
            """
            {'initContainers':[{'name':'i',$IMAGE,'command':['true']}],
             'containers':[{'name':'app',$IMAGE,'command':['sleep','4321']}]}
            """);
    run(pod);
    untilReady("debugged");
    ObjectNode debugged = pod.deepCopy();
    ((ObjectNode) debugged.path("spec"))
        .set(
            "ephemeralContainers",
            SharedPods.json(
                """
                [{'name':'dbg',$IMAGE,'command':['sh'],'stdin':true,'tty':true,'targetContainerName':'app'},
                 {'name':'once',$IMAGE,'command':['sh','-c','echo seen; exit 6']},
                 {'name':'lost',$IMAGE,'command':['true'],'targetContainerName':'nobody'}]
                """));
    run(debugged);
    until("debugged", () -> Fields.has(container("debugged", "dbg"), "state", "running"));
    assertThat(shell("debugged", "dbg", "ps -o args | grep [s]leep")).isEqualTo("sleep 4321\n");
    until("debugged", () -> Fields.has(terminated("debugged", "once"), "exitCode"));
    assertThat(terminated("debugged", "once").path("exitCode").asInt()).isEqualTo(6);
    assertThat(log("debugged", "once")).isEqualTo("seen\n");
    until("debugged", () -> waiting("debugged", "lost").equals("CreateContainerConfigError"));
    assertThat(Fields.text(container("debugged", "lost"), "state", "waiting", "message"))
        .isEqualTo("unable to find target container nobody");
    assertThat(
            Fields.list(status("debugged"), "ephemeralContainerStatuses").stream()
                .map(
                    s ->
                        Fields.text(s, "name")
                            + " "
                            + s.path("restartCount")
                            + " "
                            + s.path("ready")))
        .containsExactly("dbg 0 false", "once 0 false", "lost 0 false");
    assertThat(SharedPods.condition("debugged", "Ready")).isEqualTo("True");
    assertThat(
            SharedPods.node().events.stream()
                .filter(e -> e.uid().equals("debugged") && e.fieldPath().contains("once"))
                .map(e -> e.fieldPath() + " " + e.reason())
                .distinct())
        .containsExactly(
            "spec.ephemeralContainers{once} Pulled",
            "spec.ephemeralContainers{once} Created",
            "spec.ephemeralContainers{once} Started");
    delete("debugged", 0);
    untilGone("debugged");
  }
}
