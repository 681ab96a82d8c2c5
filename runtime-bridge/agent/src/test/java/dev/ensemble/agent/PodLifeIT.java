package dev.ensemble.agent;

import static dev.ensemble.agent.SharedPods.condition;
import static dev.ensemble.agent.SharedPods.conditionOf;
import static dev.ensemble.agent.SharedPods.container;
import static dev.ensemble.agent.SharedPods.delete;
import static dev.ensemble.agent.SharedPods.events;
import static dev.ensemble.agent.SharedPods.lastTerminated;
import static dev.ensemble.agent.SharedPods.log;
import static dev.ensemble.agent.SharedPods.node;
import static dev.ensemble.agent.SharedPods.restarts;
import static dev.ensemble.agent.SharedPods.run;
import static dev.ensemble.agent.SharedPods.shell;
import static dev.ensemble.agent.SharedPods.status;
import static dev.ensemble.agent.SharedPods.terminated;
import static dev.ensemble.agent.SharedPods.until;
import static dev.ensemble.agent.SharedPods.untilGone;
import static dev.ensemble.agent.SharedPods.untilPhase;
import static dev.ensemble.agent.SharedPods.untilReady;
import static dev.ensemble.agent.SharedPods.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods from their first container to their last, as their status tells it. Needs root. */
@ExtendWith(SharedPods.class)
class PodLifeIT {
  @PodTest
  void initContainersRunInOrderBeforeTheOthers() throws Exception {
    run(
        "inits",
        """
        {'initContainers':[
          {'name':'one',$IMAGE,'command':['sh','-c','echo one >> /v/f; until [ -e /v/go ]; do sleep 0.1; done'],
           'volumeMounts':[{'name':'v','mountPath':'/v'}]},
          {'name':'two',$IMAGE,'command':['sh','-c','echo two >> /v/f'],
           'volumeMounts':[{'name':'v','mountPath':'/v'}]}],
         'containers':[{'name':'main',$IMAGE,'command':['sh','-c','cat /v/f; exec sleep 1000'],
           'volumeMounts':[{'name':'v','mountPath':'/v'}]}],
         'volumes':[{'name':'v','emptyDir':{}}]}
        """);
    until("inits", () -> Fields.has(container("inits", "one"), "state", "running"));
    assertThat(node().phase("inits")).isEqualTo("Pending");
    assertThat(Fields.text(conditionOf("inits", "Initialized"), "message"))
        .isEqualTo("containers with incomplete status: [one two]");
    assertThat(Fields.text(conditionOf("inits", "Ready"), "message"))
        .isEqualTo("containers with unready status: [main]");
    assertThat(condition("inits", "PodReadyToStartContainers")).isEqualTo("True");
    assertThat(condition("inits", "PodScheduled")).isEqualTo("True");
    assertThat(List.of(waiting("inits", "two"), waiting("inits", "main")))
        .containsExactly("PodInitializing", "PodInitializing");
    shell("inits", "one", "touch /v/go");
    untilReady("inits");
    until("inits", () -> log("inits", "main").equals("one\ntwo\n"));
    assertThat(Fields.text(terminated("inits", "two"), "reason")).isEqualTo("Completed");
    assertThat(container("inits", "two").path("ready").asBoolean()).isTrue();
    assertThat(List.of(condition("inits", "Initialized"), condition("inits", "ContainersReady")))
        .containsExactly("True", "True");
    delete("inits", 0);
    untilGone("inits");
  }

  @PodTest
  void aFailingInitContainerFailsAPodThatNeverRestartsAndIsTriedAgainInOthers() {
    String pod =
        """
        {'restartPolicy':'%s','initContainers':[{'name':'i',$IMAGE,'command':['sh','-c','exit 4']}],
         'containers':[{'name':'c',$IMAGE,'command':['true']}]}
        """;
    run("init-never", pod.formatted("Never"));
    run("init-again", pod.formatted("OnFailure"));
    untilPhase("init-never", "Failed");
    assertThat(terminated("init-never", "i").path("exitCode").asInt()).isEqualTo(4);
    assertThat(waiting("init-never", "c")).isEqualTo("PodInitializing");
    assertThat(Fields.text(conditionOf("init-never", "Ready"), "reason")).isEqualTo("PodFailed");
    assertThat(condition("init-never", "Initialized")).isEqualTo("False");
    until("init-again", () -> waiting("init-again", "i").equals("CrashLoopBackOff"));
    assertThat(restarts("init-again", "i")).isEqualTo(1);
    assertThat(node().phase("init-again")).isEqualTo("Pending");
    assertThat(events("init-again", "BackOff"))
        .containsExactly(
            "Back-off restarting failed container i in pod init-again_default(init-again)");
    delete("init-never", 0);
    delete("init-again", 0);
    untilGone("init-never");
    untilGone("init-again");
  }

  @PodTest
  void sidecarsRunBesideAndEndLastAndTheirExitCodesDoNotCount() throws Exception {
    run(
        "sidecar",
        """
        {'restartPolicy':'Never','terminationGracePeriodSeconds':5,'initContainers':[
          {'name':'side',$IMAGE,'restartPolicy':'Always','command':['sh','-c',
            'trap "echo stopped >> /v/f; exit 9" TERM; echo side >> /v/f; while :; do sleep 0.1; done'],
           'startupProbe':{'exec':{'command':['test','-e','/v/f']},'periodSeconds':1,'timeoutSeconds':5},
           'volumeMounts':[{'name':'v','mountPath':'/v'}]},
          {'name':'init',$IMAGE,'command':['sh','-c','echo init >> /v/f'],
           'volumeMounts':[{'name':'v','mountPath':'/v'}]}],
         'containers':[{'name':'c',$IMAGE,'command':['sh','-c','echo main >> /v/f; cat /v/f'],
           'volumeMounts':[{'name':'v','mountPath':'/v'}]}],
         'volumes':[{'name':'v','emptyDir':{}}]}
        """
            .replace("\"echo stopped >> /v/f; exit 9\"", "\\\"echo stopped >> /v/f; exit 9\\\""));
    untilPhase("sidecar", "Succeeded");
    assertThat(log("sidecar", "c")).isEqualTo("side\ninit\nmain\n");
    assertThat(terminated("sidecar", "side").path("exitCode").asInt()).isEqualTo(9);
    assertThat(Fields.text(conditionOf("sidecar", "Ready"), "reason")).isEqualTo("PodCompleted");
    assertThat(Fields.text(conditionOf("sidecar", "Initialized"), "reason"))
        .isEqualTo("PodCompleted");
    delete("sidecar", 0);
    untilGone("sidecar");
  }

  @PodTest
  void aSidecarThatEndsIsStartedAgainAlthoughThePodNeverRestarts() {
    run(
        "side-again",
        """
        {'restartPolicy':'Never','initContainers':[
          {'name':'side',$IMAGE,'restartPolicy':'Always','command':['sleep','1000']}],
         'containers':[{'name':'c',$IMAGE,'command':['sleep','1000']}]}
        """);
    untilReady("side-again");
    node().runtime().stopContainer(SharedPods.state("side-again", "side").id(), Duration.ZERO);
    until("side-again", () -> restarts("side-again", "side") == 1);
    untilReady("side-again");
    assertThat(lastTerminated("side-again", "side").path("exitCode").asInt()).isEqualTo(137);
    assertThat(restarts("side-again", "c")).isZero();
    delete("side-again", 0);
    untilGone("side-again");
  }

  @PodTest
  void restartPoliciesDecideWhatBecomesOfExits() throws Exception {
    String pod =
        """
        {'restartPolicy':'%s','containers':[{'name':'c',$IMAGE,'command':['sh','-c',
           'n=$(cat /v/n 2>/dev/null || echo 0); echo $((n+1)) > /v/n; exit $((3*(1-n)))'],
           'volumeMounts':[{'name':'v','mountPath':'/v'}]}],
         'volumes':[{'name':'v','emptyDir':{}}]}
        """;
    run("on-failure", pod.formatted("OnFailure"));
    run("never", pod.formatted("Never"));
    run(
        "ruled",
        pod.formatted("Never")
            .replace(
                "'name':'c'",
                "'name':'c','restartPolicy':'Never','restartPolicyRules':[{'action':'Restart',"
                    + "'exitCodes':{'operator':'In','values':[3]}}]"));
    untilPhase("never", "Failed");
    assertThat(Fields.text(terminated("never", "c"), "reason")).isEqualTo("Error");
    assertThat(terminated("never", "c").path("exitCode").asInt()).isEqualTo(3);
    assertThat(restarts("never", "c")).isZero();
    assertThat(Fields.text(conditionOf("never", "ContainersReady"), "reason"))
        .isEqualTo("PodFailed");
    for (String again : List.of("on-failure", "ruled")) {
      untilPhase(again, "Succeeded");
      assertThat(terminated(again, "c").path("exitCode").asInt(-1)).isZero();
      assertThat(lastTerminated(again, "c").path("exitCode").asInt()).isEqualTo(3);
      assertThat(restarts(again, "c")).isEqualTo(1);
    }
    assertThat(Fields.text(status("never"), "podIP")).as("kept after the end").isNotEmpty();
    for (String name : List.of("on-failure", "never", "ruled")) {
      delete(name, 0);
      untilGone(name);
    }
  }

  @PodTest
  void aPodPastItsDeadlineFails() {
    ObjectNode pod =
        SharedPods.pod(
            "deadline",
            """
            {'terminationGracePeriodSeconds':0,
             'containers':[{'name':'c',$IMAGE,'command':['sleep','1000']}]}
            """);
    run(pod);
    untilReady("deadline");
    ObjectNode hurried = pod.deepCopy();
    ((ObjectNode) hurried.path("spec")).put("activeDeadlineSeconds", 1);
    run(hurried);
    untilPhase("deadline", "Failed");
    assertThat(Fields.text(status("deadline"), "reason")).isEqualTo("DeadlineExceeded");
    assertThat(Fields.text(status("deadline"), "message"))
        .isEqualTo("Pod was active on the node longer than the specified deadline");
    assertThat(terminated("deadline", "c").path("exitCode").asInt()).isEqualTo(137);
    delete("deadline", 0);
    untilGone("deadline");
    assertThat(node().phase("deadline")).isEqualTo("Failed");
    assertThat(Fields.text(status("deadline"), "reason")).isEqualTo("DeadlineExceeded");
  }

  @PodTest
  void terminationMessagesComeFromTheFileOrTheLog() {
    run(
        "messages",
        """
        {'restartPolicy':'Never','containers':[
          {'name':'file',$IMAGE,'terminationMessagePath':'/tmp/why',
           'command':['sh','-c','echo because > /tmp/why; exit 1']},
          {'name':'log',$IMAGE,'terminationMessagePolicy':'FallbackToLogsOnError',
           'command':['sh','-c','echo one; echo two; printf three; exit 1']},
          {'name':'fine',$IMAGE,'terminationMessagePolicy':'FallbackToLogsOnError',
           'command':['sh','-c','echo all well']},
          {'name':'long',$IMAGE,'command':['sh','-c',
           'yes 0123456789abcde | head -c 5000 > /dev/termination-log; exit 1']},
          {'name':'none',$IMAGE,'command':['sh','-c','echo lost; exit 1']}]}
        """);
    untilPhase("messages", "Failed");
    assertThat(Fields.text(terminated("messages", "file"), "message")).isEqualTo("because\n");
    assertThat(Fields.text(terminated("messages", "log"), "message")).isEqualTo("one\ntwo\nthree");
    assertThat(Fields.has(terminated("messages", "fine"), "message")).isFalse();
    assertThat(Fields.text(terminated("messages", "long"), "message")).hasSize(4096);
    assertThat(Fields.has(terminated("messages", "none"), "message")).isFalse();
    delete("messages", 0);
    untilGone("messages");
  }

  @PodTest
  void aPodThatWasOverIsNotStartedAgain() {
    ObjectNode pod =
        SharedPods.pod(
            "over",
            "{'restartPolicy':'Never','containers':[{'name':'c',$IMAGE,'command':['true']}]}");
    pod.set(
        "status",
        SharedPods.json(
            """
            {'phase':'Failed','reason':'Evicted','message':'m','containerStatuses':[{'name':'c','ready':false,
             'restartCount':2,'image':'i','imageID':'','state':{'terminated':{'exitCode':7}},'lastState':{}}]}
            """));
    run(pod);
    until("over", () -> Fields.has(status("over"), "phase"));
    assertThat(node().phase("over")).isEqualTo("Failed");
    assertThat(Fields.text(status("over"), "reason")).isEqualTo("Evicted");
    assertThat(terminated("over", "c").path("exitCode").asInt()).isEqualTo(7);
    delete("over", 0);
    untilGone("over");
    assertThat(events("over", "Started")).isEmpty();
  }
}
