package dev.ensemble.core.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.validation.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {

  @ParameterizedTest
  @CsvSource({
    "pod-minimal, pods",
    "pod-full, pods",
    "deployment, deployments.apps",
    "deployment-recreate, deployments.apps",
    "replicaset-host-network, replicasets.apps",
    "service-balancer, services",
    "service-headless, services",
    "endpointslice, endpointslices.discovery.k8s.io",
    "namespace, namespaces",
    "node, nodes",
    "secret, secrets"
  })
  void whatIsLeftOutIsSetOnceAndStaysSo(String golden, String resource) {
    ObjectNode object = Objects.yaml(Objects.resource(getClass(), golden + ".input.yaml"));
    ObjectNode expected = Objects.literal(Objects.resource(getClass(), golden + ".output.yaml"));
    Defaults.Rule rule = Defaults.of(ResourceName.parse(resource));

    rule.apply(object);
    assertThat(object.toPrettyString()).isEqualTo(ordered(expected, object).toPrettyString());

    rule.apply(object);
    assertThat(object).isEqualTo(expected);
  }

  /** The expected value as it is if it differs; failures then print whole trees. */
  private static ObjectNode ordered(ObjectNode expected, ObjectNode actual) {
    return expected.equals(actual) ? actual : expected;
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, Always",
    "nginx:latest, Always",
    "nginx:1.27, IfNotPresent",
    "localhost:5000/nginx, Always",
    "localhost:5000/nginx:1, IfNotPresent",
    "REGISTRY.example.com/team/nginx:latest, Always",
    "nginx@sha256:0123456789012345678901234567890123456789012345678901234567890123, IfNotPresent",
    "nginx:latest@sha256:0123456789012345678901234567890123456789012345678901234567890123, Always",
    "'', IfNotPresent",
    "Nginx, IfNotPresent"
  })
  void imagesWhoseTagMovesArePulledAgain(String image, String policy) {
    assertThat(ContainerDefaults.pullPolicy(image)).isEqualTo(policy);
  }

  @Test
  void admissionGivesAnAccountTolerationsAndPriority() {
    ObjectNode pod = Objects.json("{'spec':{}}");
    PodAdmission.create(pod);
    assertThat(pod)
        .isEqualTo(
            Objects.json(
                "{'spec':{'serviceAccountName':'default','serviceAccount':'default','tolerations':["
                    + "{'key':'node.kubernetes.io/not-ready','operator':'Exists',"
                    + "'effect':'NoExecute','tolerationSeconds':300},"
                    + "{'key':'node.kubernetes.io/unreachable','operator':'Exists',"
                    + "'effect':'NoExecute','tolerationSeconds':300}],"
                    + "'priority':0,'preemptionPolicy':'PreemptLowerPriority'}}"));
  }

  @Test
  void admissionAddsNoTolerationThatIsThere() {
    ObjectNode pod =
        Objects.json(
            "{'spec':{'serviceAccountName':'a','tolerations':[{'operator':'Exists'}],"
                + "'priority':5,'preemptionPolicy':'Never'}}");
    PodAdmission.create(pod);
    assertThat(pod)
        .isEqualTo(
            Objects.json(
                "{'spec':{'serviceAccountName':'a','serviceAccount':'a',"
                    + "'tolerations':[{'operator':'Exists'}],"
                    + "'priority':5,'preemptionPolicy':'Never'}}"));
  }
}
