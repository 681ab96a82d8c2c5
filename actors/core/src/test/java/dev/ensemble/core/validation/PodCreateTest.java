package dev.ensemble.core.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.defaults.Defaults;
import dev.ensemble.core.object.ResourceName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCreateTest {
  private static final ResourceName PODS = ResourceName.parse("pods");

  /** What is wrong with the valid pod after its spec, and its one container, are patched. */
  private static List<String> errors(String specPatch, String containerPatch) {
    ObjectNode pod = Objects.with(Valid.pod(), "{'spec':" + specPatch + "}");
    ObjectNode container = Objects.with((ObjectNode) pod.at("/spec/containers/0"), containerPatch);
    pod.withArray("/spec/containers").set(0, container);
    Defaults.of(PODS).apply(pod);
    return Validation.of(PODS).create(pod).stream().map(FieldError::toString).toList();
  }

  private static void assertErrors(List<String> errors, String expected) {
    assertThat(errors).isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'name':null} | spec.containers[0].name: Required value",
        "{'image':null} | spec.containers[0].image: Required value",
        "{'image':' nginx'} | spec.containers[0].image: Invalid value: \" nginx\": must not have"
            + " leading or trailing whitespace",
        "{'imagePullPolicy':'Often'} | spec.containers[0].imagePullPolicy: Unsupported value:"
            + " \"Often\": supported values: \"Always\", \"IfNotPresent\", \"Never\"",
        "{'ports':[{}]} | spec.containers[0].ports[0].containerPort: Required value",
        "{'ports':[{'containerPort':65536}]} | spec.containers[0].ports[0].containerPort: Invalid"
            + " value: 65536: must be between 1 and 65535, inclusive",
        "{'ports':[{'containerPort':1,'name':'0'}]} | spec.containers[0].ports[0].name: Invalid"
            + " value: \"0\": must contain at least one letter (a-z)",
        "{'ports':[{'containerPort':1,'hostPort':9},{'containerPort':2,'hostPort':9}]} |"
            + " spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//9\"",
        "{'ports':[{'containerPort':1,'hostPort':9},{'containerPort':2,'hostPort':9,"
            + "'protocol':'UDP'}]} | ",
        "{'env':[{'name':'a=b'}]} | spec.containers[0].env[0].name: Invalid value: \"a=b\": a valid"
            + " environment variable name must consist only of printable ASCII characters other"
            + " than '='",
        "{'env':[{'name':'A','value':'x','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}}]} |"
            + " spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when"
            + " `value` is not empty",
        "{'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'status.phase'}}}]} |"
            + " spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value:"
            + " \"status.phase\": error converting fieldPath: field label not supported:"
            + " status.phase",
        "{'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':\"metadata.labels['a']\"}}}]} | ",
        "{'env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'c'}}}]} |"
            + " spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Required value",
        "{'envFrom':[{}]} | spec.containers[0].envFrom: Invalid value: \"\": must specify one of:"
            + " `configMapRef` or `secretRef`",
        "{'volumeMounts':[{'name':'v','mountPath':'/v'}]} |"
            + " spec.containers[0].volumeMounts[0].name: Not found: \"v\"",
        "{'resources':{'limits':{'cpu':'1'},'requests':{'cpu':'1001m'}}} |"
            + " spec.containers[0].resources.requests: Invalid value: \"1001m\": must be less than"
            + " or equal to cpu limit of 1",
        "{'resources':{'requests':{'memory':'-1'}}} |"
            + " spec.containers[0].resources.requests[memory]: Invalid value: \"-1\": must be"
            + " greater than or equal to 0",
        "{'resources':{'requests':{'bananas':'1'}}} |"
            + " spec.containers[0].resources.requests[bananas]: Invalid value: \"bananas\": must be"
            + " a standard resource type or fully qualified",
        "{'resources':{'requests':{'example.com/gpu':'1'}}} | spec.containers[0].resources.limits:"
            + " Required value: Limit must be set for non overcommitable resources",
        "{'resources':{'limits':{'example.com/gpu':'1'}}} | ",
        "{'livenessProbe':{}} | spec.containers[0].livenessProbe: Required value: must specify a"
            + " handler type",
        "{'livenessProbe':{'exec':{'command':['a']},'successThreshold':2}} |"
            + " spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
        "{'readinessProbe':{'tcpSocket':{'port':'http'},'httpGet':{'port':1}}} |"
            + " spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1"
            + " handler type",
        "{'lifecycle':{'preStop':{'sleep':{'seconds':31}}}} |"
            + " spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative"
            + " and less than terminationGracePeriodSeconds (30)",
        "{'securityContext':{'runAsUser':-1}} | spec.containers[0].securityContext.runAsUser:"
            + " Invalid value: -1: must be between 0 and 2147483647, inclusive"
      })
  void containers(String patch, String error) {
    assertErrors(errors("{}", lenient(patch)), error);
  }

  private static String lenient(String patch) {
    return patch.replace("\"metadata.labels['a']\"", "'metadata.labels[\\u0027a\\u0027]'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'restartPolicy':'Once'} | spec.restartPolicy: Unsupported value: \"Once\": supported"
            + " values: \"Always\", \"Never\", \"OnFailure\"",
        "{'activeDeadlineSeconds':0} | spec.activeDeadlineSeconds: Invalid value: 0: must be"
            + " between 1 and 2147483647, inclusive",
        "{'dnsPolicy':'None'} | spec.dnsConfig: Required value: must provide `dnsConfig` when"
            + " `dnsPolicy` is None",
        "{'dnsConfig':{'nameservers':['x']}} | spec.dnsConfig.nameservers[0]: Invalid value:"
            + " \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
        "{'ephemeralContainers':[{'name':'d','image':'d','imagePullPolicy':'Always',"
            + "'terminationMessagePolicy':'File'}]} | spec.ephemeralContainers: Forbidden: cannot"
            + " be set on create",
        "{'nodeName':'n','schedulingGates':[{'name':'a/b'}]} | spec.nodeName: Forbidden: cannot be"
            + " set until all schedulingGates have been cleared",
        "{'volumes':[{'name':'v','emptyDir':{},'hostPath':{'path':'/'}}]} |"
            + " spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
        "{'volumes':[{'name':'v'},{'name':'v'}]} | spec.volumes[1].name: Duplicate value: \"v\"",
        "{'volumes':[{'name':'v','hostPath':{'path':'/a/../b'}}]} | spec.volumes[0].hostPath.path:"
            + " Invalid value: \"/a/../b\": must not contain '..'",
        "{'volumes':[{'name':'v','secret':{'secretName':'s','defaultMode':512}}]} |"
            + " spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0"
            + " and 0777 (octal), both inclusive",
        "{'tolerations':[{'key':'a','operator':'Exists','value':'b'}]} |"
            + " spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when"
            + " `operator` is 'Exists'",
        "{'tolerations':[{'key':'a','effect':'NoSchedule','tolerationSeconds':1}]} |"
            + " spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be"
            + " 'NoExecute' when `tolerationSeconds` is set",
        "{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{}}}} |"
            + " spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
            + ".nodeSelectorTerms: Required value: must have at least one node selector term",
        "{'topologySpreadConstraints':[{'maxSkew':0,'topologyKey':'z',"
            + "'whenUnsatisfiable':'DoNotSchedule'}]} | spec.topologySpreadConstraints[0].maxSkew:"
            + " Invalid value: 0: must be greater than zero",
        "{'initContainers':[{'name':'web','image':'i:1'}]} | spec.initContainers[0].name: Duplicate"
            + " value: \"web\"",
        "{'initContainers':[{'name':'i','image':'i:1','lifecycle':{}}]} |"
            + " spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers"
            + " without restartPolicy=Always",
        "{'securityContext':{'sysctls':[{'name':'Kernel.x'}]}} |"
            + " spec.securityContext.sysctls[0].name: Invalid value: \"Kernel.x\": must have at"
            + " most 253 characters and match regex"
            + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$",
        "{'securityContext':{'sysctls':[{'name':'net.ipv4.ip_local_port_range'}]}} | ",
        "{'hostNetwork':true,'hostUsers':false} | spec.hostNetwork: Forbidden: when"
            + " `pod.Spec.HostUsers` is false"
      })
  void specs(String patch, String error) {
    assertErrors(errors(patch, "{}"), error);
  }

  @Test
  void aPodWithoutContainersIsNone() {
    ObjectNode pod = Objects.with(Valid.pod(), "{'spec':{'containers':[]}}");
    assertThat(Validation.of(PODS).create(pod))
        .containsExactly(FieldError.required("spec.containers", ""));
  }

  @Test
  void everyFaultIsFoundNotOnlyTheFirst() {
    assertThat(
            errors(
                "{'volumes':[{'name':'data'},{'name':'Bad'}]}",
                "{'image':null,'volumeMounts':[{'name':'data','mountPath':'/d'},"
                    + "{'name':'Bad','mountPath':'/d','subPath':'../x'}]}"))
        .hasSize(5)
        .last()
        .asString()
        .isEqualTo(
            "spec.containers[0].volumeMounts[1].subPath: Invalid value: \"../x\": must not contain"
                + " '..'");
  }
}
