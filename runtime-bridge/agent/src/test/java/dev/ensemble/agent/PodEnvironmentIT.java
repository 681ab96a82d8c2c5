package dev.ensemble.agent;

import static dev.ensemble.agent.SharedPods.container;
import static dev.ensemble.agent.SharedPods.delete;
import static dev.ensemble.agent.SharedPods.events;
import static dev.ensemble.agent.SharedPods.log;
import static dev.ensemble.agent.SharedPods.object;
import static dev.ensemble.agent.SharedPods.run;
import static dev.ensemble.agent.SharedPods.until;
import static dev.ensemble.agent.SharedPods.untilGone;
import static dev.ensemble.agent.SharedPods.untilPhase;
import static dev.ensemble.agent.SharedPods.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.agent.core.Fields;
import org.junit.jupiter.api.extension.ExtendWith;

/** Environments as containers see them. Needs root. */
@ExtendWith(SharedPods.class)
class PodEnvironmentIT {
  @PodTest
  void variablesComeFromEveryKindOfSource() throws Exception {
    object("configmaps", "env", "{'data':{'k':'from-map','E_ONE':'1','E_TWO':'2'}}");
    object("secrets", "env", "{'data':{'k':'ZnJvbS1zZWNyZXQ='}}");
    run(
        "env",
        """
        {'restartPolicy':'Never','nodeName':'sh-node','serviceAccountName':'sa',
         'containers':[{'name':'c',$IMAGE,
          'command':['sh','-c','env | grep ^E_ | sort; echo $0 $1 $(id -u)'],
          'args':['$(E_PLAIN)','$$(E_PLAIN)'],
          'resources':{'requests':{'cpu':'250m','memory':'16Mi'},'limits':{'memory':'32Mi'}},
          'envFrom':[{'configMapRef':{'name':'env'}},{'prefix':'E_S_','secretRef':{'name':'env'}},
            {'configMapRef':{'name':'nothing','optional':true}}],
          'env':[{'name':'E_PLAIN','value':'plain'},
           {'name':'E_EXPANDED','value':'$(E_PLAIN)-$(E_ONE)-$(E_NOT)-$$(E_PLAIN)'},
           {'name':'E_TWO','value':'overridden'},
           {'name':'E_NAME','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}},
           {'name':'E_NODE','valueFrom':{'fieldRef':{'fieldPath':'spec.nodeName'}}},
           {'name':'E_SA','valueFrom':{'fieldRef':{'fieldPath':'spec.serviceAccountName'}}},
           {'name':'E_IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}},
           {'name':'E_CPU','valueFrom':{'resourceFieldRef':{'resource':'requests.cpu','divisor':'1m'}}},
           {'name':'E_MEM','valueFrom':{'resourceFieldRef':{'resource':'limits.memory'}}},
           {'name':'E_MAP','valueFrom':{'configMapKeyRef':{'name':'env','key':'k'}}},
           {'name':'E_SEC','valueFrom':{'secretKeyRef':{'name':'env','key':'k'}}},
           {'name':'E_OPT','valueFrom':{'secretKeyRef':{'name':'env','key':'no','optional':true}}}]}]}
        """);
    untilPhase("env", "Succeeded");
    assertThat(log("env", "c"))
        .isEqualTo(
            """
            E_CPU=250
            E_EXPANDED=plain-1-$(E_NOT)-$(E_PLAIN)
            E_IP=%s
            E_MAP=from-map
            E_MEM=33554432
            E_NAME=env
            E_NODE=sh-node
            E_ONE=1
            E_PLAIN=plain
            E_SA=sa
            E_SEC=from-secret
            E_S_k=from-secret
            E_TWO=overridden
            plain $(E_PLAIN) 0
            """
                .formatted(Fields.text(SharedPods.status("env"), "podIP")));
    delete("env", 0);
    untilGone("env");
  }

  @PodTest
  void aMissingConfigMapIsAConfigErrorUntilItIsThere() throws Exception {
    run(
        "env-late",
        """
        {'restartPolicy':'Never','containers':[{'name':'c',$IMAGE,'command':['sh','-c','echo $E'],
          'env':[{'name':'E','valueFrom':{'configMapKeyRef':{'name':'env-late','key':'k'}}}]}]}
        """);
    until("env-late", () -> waiting("env-late", "c").equals("CreateContainerConfigError"));
    assertThat(Fields.text(container("env-late", "c"), "state", "waiting", "message"))
        .isEqualTo("configmap \"env-late\" not found");
    assertThat(SharedPods.node().phase("env-late")).isEqualTo("Pending");
    assertThat(events("env-late", "Failed")).contains("Error: configmap \"env-late\" not found");
    object("configmaps", "env-late", "{'data':{'other':'x'}}");
    until(
        "env-late",
        () ->
            Fields.text(container("env-late", "c"), "state", "waiting", "message")
                .equals("couldn't find key k in ConfigMap default/env-late"));
    object("configmaps", "env-late", "{'data':{'k':'came'}}");
    untilPhase("env-late", "Succeeded");
    assertThat(log("env-late", "c")).isEqualTo("came\n");
    delete("env-late", 0);
    untilGone("env-late");
  }

  @PodTest
  void aSubPathWithAnUnknownVariableIsAConfigError() throws Exception {
    run(
        "env-sub",
        """
        {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
          'volumeMounts':[{'name':'v','mountPath':'/v','subPathExpr':'$(NOT)'}]}],
         'volumes':[{'name':'v','emptyDir':{}}]}
        """);
    until("env-sub", () -> waiting("env-sub", "c").equals("CreateContainerConfigError"));
    assertThat(Fields.text(container("env-sub", "c"), "state", "waiting", "message"))
        .isEqualTo("missing value for \"NOT\"");
    delete("env-sub", 0);
    untilGone("env-sub");
  }
}
