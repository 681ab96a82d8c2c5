package dev.ensemble.core.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.validation.Objects;
import dev.ensemble.core.validation.Valid;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategiesTest {
  private static Strategy strategy(String resource) {
    return Strategies.of(ResourceName.parse(resource));
  }

  @Test
  void aClientSetsNeitherSystemMetadataNorStatus() {
    ObjectNode deployment =
        Objects.json(
            "{'metadata':{'name':'a','uid':'x','creationTimestamp':'2000-01-01T00:00:00Z',"
                + "'generation':9,'selfLink':'/','deletionTimestamp':'2000-01-01T00:00:00Z'},"
                + "'status':{'replicas':3}}");
    strategy("deployments.apps").prepareForCreate(deployment);
    assertThat(deployment)
        .isEqualTo(Objects.json("{'metadata':{'name':'a','generation':1},'status':{}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | BestEffort",
        "{'limits':{'cpu':'1'}} | Burstable",
        "{'limits':{'cpu':'1','memory':'1Gi'}} | Guaranteed",
        "{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'1000m','memory':'1024Mi'}} |"
            + " Guaranteed",
        "{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'500m'}} | Burstable",
        "{'requests':{'cpu':'0'}} | BestEffort"
      })
  void aNewPodWaitsAndHasItsClass(String resources, String qosClass) {
    ObjectNode pod = Valid.pod();
    ((ObjectNode) pod.at("/spec/containers/0")).set("resources", Objects.json(resources));
    strategy("pods").prepareForCreate(pod);
    assertThat(pod.get("status"))
        .isEqualTo(Objects.json("{'phase':'Pending','qosClass':'" + qosClass + "'}"));
  }

  @Test
  void aGatedPodSaysSo() {
    ObjectNode pod = Objects.with(Valid.pod(), "{'spec':{'schedulingGates':[{'name':'a/b'}]}}");
    strategy("pods").prepareForCreate(pod);
    assertThat(pod.at("/status/conditions/0/reason").asText()).isEqualTo("SchedulingGated");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "deployments.apps | {'spec':{'replicas':3}} | 2",
        "deployments.apps | {'metadata':{'annotations':{'a':'b'}}} | 2",
        "deployments.apps | {'metadata':{'labels':{'a':'b'}},'status':{'replicas':1}} | 1",
        "replicasets.apps | {'metadata':{'annotations':{'a':'b'}}} | 1",
        "pods | {'spec':{'activeDeadlineSeconds':1}} | 2",
        "endpointslices.discovery.k8s.io | {'ports':[]} | 2",
        "widgets.example.com | {'anything':1} | 2",
        "configmaps | {'data':{'a':'b'}} | 1"
      })
  void theGenerationGrowsWithWhatIsWanted(String resource, String patch, int generation) {
    ObjectNode old = Objects.with(Valid.of(resource), "{'metadata':{'generation':1}}");
    ObjectNode now = Objects.with(old, patch);
    strategy(resource).prepareForUpdate(now, old);
    assertThat(now.at("/metadata/generation").asInt()).isEqualTo(generation);
  }

  @Test
  void anUpdateKeepsTheStatusAndAStatusUpdateAllElse() {
    ObjectNode old =
        Objects.with(
            Valid.deployment(),
            "{'metadata':{'uid':'u','generation':4,'creationTimestamp':'2026-01-01T00:00:00Z',"
                + "'labels':{'a':'b'}},'status':{'replicas':1}}");
    ObjectNode update =
        Objects.with(
            old,
            "{'metadata':{'uid':null,'generation':null,'creationTimestamp':null},"
                + "'status':{'replicas':7}}");
    strategy("deployments.apps").prepareForUpdate(update, old);
    assertThat(update).isEqualTo(old);

    ObjectNode status =
        Objects.with(
            old, "{'metadata':{'labels':{'a':'c'}},'spec':{'replicas':9},'status':{'replicas':2}}");
    strategy("deployments.apps").prepareForStatusUpdate(status, old);
    assertThat(status).isEqualTo(Objects.with(old, "{'status':{'replicas':2}}"));
  }

  @Test
  void aKubeletsNodeComesWithItsStatus() {
    ObjectNode node = Objects.with(Valid.of("nodes"), "{'status':{'addresses':[]}}");
    strategy("nodes").prepareForCreate(node);
    assertThat(node.has("status")).isTrue();
  }

  @Test
  void aNamespacesFinalizersChangeInFinalizeOnly() {
    ObjectNode namespace = Valid.of("namespaces");
    strategy("namespaces").prepareForCreate(namespace);
    assertThat(namespace.get("spec")).isEqualTo(Objects.json("{'finalizers':['kubernetes']}"));

    ObjectNode without = Objects.with(namespace, "{'spec':{'finalizers':[]}}");
    strategy("namespaces").prepareForUpdate(without, namespace);
    assertThat(without).isEqualTo(namespace);

    ObjectNode finalized = Objects.with(namespace, "{'spec':{'finalizers':[]},'status':null}");
    Strategies.prepareForFinalize(finalized, namespace);
    assertThat(finalized).isEqualTo(Objects.with(namespace, "{'spec':{'finalizers':[]}}"));
  }

  @Test
  void aServiceKeepsWhatWasAllocatedWhenItIsAppliedAgain() {
    ObjectNode old =
        Objects.with(
            Valid.service(),
            "{'spec':{'type':'NodePort','externalTrafficPolicy':'Cluster','ports':["
                + "{'port':80,'protocol':'TCP','targetPort':80,'nodePort':30080}]}}");
    ObjectNode applied =
        Objects.with(
            old,
            "{'spec':{'clusterIP':null,'clusterIPs':null,'ipFamilies':null,'ipFamilyPolicy':null,"
                + "'ports':[{'port':80,'protocol':'TCP','targetPort':80}]}}");
    strategy("services").prepareForUpdate(applied, old);
    assertThat(applied).isEqualTo(old);
  }

  @Test
  void aServiceThatIsClosedDropsItsNodePorts() {
    ObjectNode old =
        Objects.with(
            Valid.service(),
            "{'spec':{'type':'NodePort','externalTrafficPolicy':'Cluster','ports':["
                + "{'port':80,'protocol':'TCP','targetPort':80,'nodePort':30080}]}}");
    ObjectNode closed = Objects.with(old, "{'spec':{'type':'ClusterIP'}}");
    strategy("services").prepareForUpdate(closed, old);
    assertThat(closed).isEqualTo(Valid.service());

    ObjectNode external =
        Objects.with(old, "{'spec':{'type':'ExternalName','externalName':'a.example'}}");
    strategy("services").prepareForUpdate(external, old);
    assertThat(external.get("spec"))
        .isEqualTo(
            Objects.json(
                "{'selector':{'app':'web'},'type':'ExternalName','externalName':'a.example',"
                    + "'sessionAffinity':'None',"
                    + "'ports':[{'port':80,'protocol':'TCP','targetPort':80}]}"));
  }

  @Test
  void someKindsAreCreatedByUpdate() {
    assertThat(
            Stream.of(
                    "leases.coordination.k8s.io",
                    "events",
                    "endpoints",
                    "services",
                    "pods",
                    "configmaps",
                    "widgets.example.com")
                .filter(name -> strategy(name).createOnUpdate() == Strategy.CreateOnUpdate.ALLOWED))
        .containsExactly("leases.coordination.k8s.io", "events", "endpoints", "services");
  }

  @Test
  void whatIsProbablyNotMeantIsWarnedOf() {
    ObjectNode pod =
        Objects.with(
            Valid.pod(),
            "{'metadata':{'name':'a.b'},'spec':{'nodeSelector':{'beta.kubernetes.io/os':'linux'}}}");
    ObjectNode container = (ObjectNode) pod.at("/spec/containers/0");
    container.set("env", Objects.json("{'l':[{'name':'A'},{'name':'A'}]}").get("l"));
    List<String> warnings = strategy("pods").warnings(pod);
    assertThat(warnings).hasSize(3);
    assertThat(warnings.get(1))
        .isEqualTo(
            "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use"
                + " \"kubernetes.io/os\" instead");
    assertThat(warnings.get(2))
        .isEqualTo(
            "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped"
                + " when using apply");
  }
}
