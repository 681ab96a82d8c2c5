package dev.ensemble.core.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ResourceName;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateTest {
  private static final String ONLY_THESE =
      "pod updates may not change fields other than"
          + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations`"
          + " (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow"
          + " it to be set to 1 if it was previously negative)\n";

  private static List<String> errors(String resource, ObjectNode old, String patch) {
    return texts(Validation.of(ResourceName.parse(resource)).update(Objects.with(old, patch), old));
  }

  private static List<String> texts(List<FieldError> errors) {
    return errors.stream().map(FieldError::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'metadata':{'name':'b'}} | metadata.name: Invalid value: \"b\": field is immutable",
        "{'metadata':{'uid':null}} | metadata.uid: Invalid value: null: field is immutable",
        "{'metadata':{'generation':1}} | metadata.generation: Invalid value: 1: must not be"
            + " decremented",
        "{'metadata':{'finalizers':['a/b','c/d']}} | metadata.finalizers: Forbidden: no new"
            + " finalizers can be added if the object is being deleted, found new finalizers [c/d]",
        "{'metadata':{'finalizers':null}} | "
      })
  void metadata(String patch, String error) {
    ObjectNode old =
        Objects.with(
            Valid.of("widgets.example.com"),
            "{'metadata':{'uid':'u','generation':2,'finalizers':['a/b'],"
                + "'deletionTimestamp':'2026-01-01T00:00:00Z'}}");
    assertThat(errors("widgets.example.com", old, patch))
        .isEqualTo(error == null ? List.of() : List.of(error));
  }

  @Test
  void aPodsImageDeadlineAndMoreTolerationsMayChange() {
    ObjectNode old =
        Objects.with(Valid.pod(), "{'spec':{'tolerations':[{'key':'a','operator':'Exists'}]}}");
    ObjectNode pod =
        Objects.with(
            old,
            "{'spec':{'activeDeadlineSeconds':5,'tolerations':["
                + "{'key':'b','operator':'Exists'},{'key':'a','operator':'Exists'}]}}");
    ((ObjectNode) pod.at("/spec/containers/0")).put("image", "nginx:2");
    assertThat(Validation.of(ResourceName.parse("pods")).update(pod, old)).isEmpty();
  }

  @Test
  void aNumberReadTwiceIsNoChange() {
    ObjectNode pod = Valid.pod();
    ((ObjectNode) pod.path("spec")).put("terminationGracePeriodSeconds", 30L);
    assertThat(Validation.of(ResourceName.parse("pods")).update(pod, Valid.pod())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'spec':{'hostname':'x'}} | hostname: - nothing + \"x\"",
        "{'spec':{'terminationGracePeriodSeconds':1}} | terminationGracePeriodSeconds: - 30 + 1"
      })
  void restOfAPodsSpecStays(String patch, String difference) {
    assertThat(errors("pods", Valid.pod(), patch))
        .containsExactly("spec: Forbidden: " + ONLY_THESE + "  " + difference);
  }

  @Test
  void aPodKeepsItsContainersAndTolerations() {
    ObjectNode old =
        Objects.with(
            Valid.pod(),
            "{'spec':{'activeDeadlineSeconds':5,"
                + "'tolerations':[{'key':'a','operator':'Exists'}]}}");
    assertThat(errors("pods", old, "{'spec':{'tolerations':null}}"))
        .containsExactly(
            "spec.tolerations: Forbidden: existing toleration can not be modified except its"
                + " tolerationSeconds");
    assertThat(errors("pods", old, "{'spec':{'activeDeadlineSeconds':6}}"))
        .containsExactly(
            "spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous"
                + " value");
    assertThat(errors("pods", old, "{'spec':{'activeDeadlineSeconds':null}}"))
        .containsExactly(
            "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive"
                + " integer to nil value");
    ObjectNode more = old.deepCopy();
    more.withArray("/spec/containers").add(old.at("/spec/containers/0").deepCopy());
    ((ObjectNode) more.at("/spec/containers/1")).put("name", "second");
    assertThat(texts(Validation.of(ResourceName.parse("pods")).update(more, old)))
        .containsExactly(
            "spec.containers: Forbidden: pod updates may not add or remove containers");
  }

  @Test
  void aPodAtItsGatesMayBeNarrowedAndLetThrough() {
    ObjectNode old =
        Objects.with(
            Valid.pod(), "{'spec':{'schedulingGates':[{'name':'a/b'}],'nodeSelector':{'x':'y'}}}");
    assertThat(errors("pods", old, "{'spec':{'nodeSelector':{'z':'1'},'schedulingGates':null}}"))
        .isEmpty();
    assertThat(errors("pods", old, "{'spec':{'nodeSelector':{'x':'other'}}}"))
        .containsExactly(
            "spec.nodeSelector: Invalid value: {\"x\":\"other\"}: only additions to"
                + " spec.nodeSelector are allowed");
    assertThat(errors("pods", old, "{'spec':{'schedulingGates':[{'name':'c/d'}]}}"))
        .containsExactly(
            "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new"
                + " scheduling gate 'c/d'");
  }

  @Test
  void aContainerThatEndedForGoodDoesNotComeBack() {
    String ended =
        "{'spec':{'restartPolicy':'OnFailure'},'status':{'qosClass':'BestEffort',"
            + "'containerStatuses':[{'name':'web','state':{'terminated':{'exitCode':%d}}}]}}";
    String running = "{'status':{'containerStatuses':[{'name':'web','state':{'running':{}}}]}}";
    Function<Integer, List<String>> restart =
        exitCode -> {
          ObjectNode old = Objects.with(Valid.pod(), ended.formatted(exitCode));
          return texts(
              Validation.of(ResourceName.parse("pods")).status(Objects.with(old, running), old));
        };
    assertThat(restart.apply(1)).isEmpty();
    assertThat(restart.apply(0))
        .containsExactly(
            "status.containerStatuses[0].state: Forbidden: may not be transitioned to"
                + " non-terminated state");
  }

  @Test
  void ephemeralContainersAreOnlyAdded() {
    ObjectNode old = Valid.pod();
    String container =
        "{'name':'d%d','image':'%s','imagePullPolicy':'Always','terminationMessagePolicy':'File'}";
    String one = "{'spec':{'ephemeralContainers':[" + container.formatted(1, "a") + "]}}";
    ObjectNode with = Objects.with(old, one);
    assertThat(Validation.ephemeralContainers(with, old)).isEmpty();
    assertThat(
            texts(
                Validation.ephemeralContainers(
                    Objects.with(with, one.replace("'a'", "'b'")), with)))
        .containsExactly(
            "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d1\" may not be"
                + " changed");
    assertThat(texts(Validation.ephemeralContainers(old, with)))
        .containsExactly(
            "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d1\" may not be"
                + " removed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "deployments.apps | {'spec':{'selector':{'matchExpressions':[{'key':'app',"
            + "'operator':'Exists'}]}}} | spec.selector: Invalid value:"
            + " {\"matchLabels\":{\"app\":\"web\"},\"matchExpressions\":[{\"key\":\"app\","
            + "\"operator\":\"Exists\"}]}: field is immutable",
        "services | {'spec':{'clusterIP':'10.0.0.2','clusterIPs':['10.0.0.2']}} |"
            + " spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set",
        "secrets | {'type':'other'} | type: Invalid value: \"other\": field is immutable",
        "endpointslices.discovery.k8s.io | {'addressType':'IPv6'} | addressType: Invalid value:"
            + " \"IPv6\": field is immutable"
      })
  void someFieldsStay(String resource, String patch, String error) {
    assertThat(errors(resource, Valid.of(resource), patch)).containsExactly(error);
  }

  @Test
  void aNodeKeepsItsRangeAndProvider() {
    ObjectNode old =
        Objects.with(Valid.of("nodes"), "{'spec':{'podCIDRs':['10.0.0.0/24'],'providerID':'one'}}");
    assertThat(errors("nodes", old, "{'spec':{'podCIDRs':['10.0.1.0/24'],'providerID':'two'}}"))
        .containsExactly(
            "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to"
                + " valid",
            "spec.providerID: Forbidden: node updates may not change providerID except from \"\" to"
                + " valid");
    assertThat(errors("nodes", Valid.of("nodes"), "{'spec':{'podCIDRs':['10.0.1.0/24']}}"))
        .isEmpty();
  }

  @Test
  void whatIsImmutableStaysEvenFromItself() {
    ObjectNode old = Objects.with(Valid.of("configmaps"), "{'immutable':true,'data':{'a':'b'}}");
    assertThat(errors("configmaps", old, "{'metadata':{'labels':{'a':'b'}}}")).isEmpty();
    assertThat(errors("configmaps", old, "{'immutable':null,'data':{'a':'c'}}"))
        .containsExactly(
            "immutable: Forbidden: field is immutable when `immutable` is set",
            "data: Forbidden: field is immutable when `immutable` is set");
  }

  @Test
  void aStatusCountsNoMoreThanThereAre() {
    ObjectNode old = Valid.deployment();
    ObjectNode now =
        Objects.with(old, "{'status':{'replicas':1,'readyReplicas':1,'availableReplicas':2}}");
    assertThat(texts(Validation.of(ResourceName.parse("deployments.apps")).status(now, old)))
        .containsExactly(
            "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas");
  }

  @Test
  void subresourcesHaveRulesOfTheirOwn() {
    assertThat(texts(Validation.binding(Objects.json("{'target':{'kind':'Pod'}}"))))
        .containsExactly(
            "target.kind: Unsupported value: \"Pod\": supported values: \"<empty>\", \"Node\"",
            "target.name: Required value");
    assertThat(
            texts(
                Validation.scale(Objects.json("{'metadata':{'name':'a'},'spec':{'replicas':-1}}"))))
        .containsExactly("spec.replicas: Invalid value: -1: must be greater than or equal to 0");
    ObjectNode namespace = Valid.of("namespaces");
    assertThat(
            texts(
                Validation.finalizeNamespace(
                    Objects.with(namespace, "{'spec':{'finalizers':['x']}}"), namespace)))
        .containsExactly(
            "spec.finalizers[0]: Invalid value: \"x\": name is neither a standard finalizer name"
                + " nor is it fully qualified");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'propagationPolicy':'Foreground','dryRun':['All'],'gracePeriodSeconds':0} | ",
        "{'propagationPolicy':'Later'} | propagationPolicy: Unsupported value: \"Later\": supported"
            + " values: \"Background\", \"Foreground\", \"Orphan\"",
        "{'propagationPolicy':'Orphan','orphanDependents':true} | propagationPolicy: Invalid value:"
            + " \"Orphan\": orphanDependents and deletionPropagation cannot be both set",
        "{'dryRun':['Some']} | dryRun: Unsupported value: \"Some\": supported values: \"All\""
      })
  void optionsOfADeletion(String options, String error) {
    assertThat(texts(Validation.deleteOptions(Objects.json(options))))
        .isEqualTo(error == null ? List.of() : List.of(error));
  }
}
