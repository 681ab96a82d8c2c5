package dev.ensemble.core.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ResourceName;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateTest {
  private static final String LABEL =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
          + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
          + " regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

  private static List<String> errors(String resource, String patch) {
    ObjectNode object = Objects.with(Valid.of(resource), patch);
    return Validation.of(ResourceName.parse(resource)).create(object).stream()
        .map(FieldError::toString)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pods",
        "services",
        "deployments.apps",
        "replicasets.apps",
        "namespaces",
        "nodes",
        "configmaps",
        "secrets",
        "serviceaccounts",
        "endpoints",
        "endpointslices.discovery.k8s.io",
        "events",
        "events.events.k8s.io",
        "leases.coordination.k8s.io",
        "widgets.example.com"
      })
  void aValidObjectHasNoErrors(String resource) {
    assertThat(errors(resource, "{}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'metadata':{'name':null}} | metadata.name: Required value: name or generateName is"
            + " required",
        "{'metadata':{'namespace':null}} | metadata.namespace: Required value",
        "{'metadata':{'generation':-1}} | metadata.generation: Invalid value: -1: must be greater"
            + " than or equal to 0",
        "{'metadata':{'labels':{'a/b/c':''}}} | metadata.labels: Invalid value: \"a/b/c\": a"
            + " qualified name must consist of alphanumeric characters, '-', '_' or '.', and must"
            + " start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
            + " '123-abc', regex used for validation is"
            + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix"
            + " and '/' (e.g. 'example.com/MyName')",
        "{'metadata':{'labels':{'/b':''}}} | metadata.labels: Invalid value: \"/b\": prefix part"
            + " must be non-empty",
        "{'metadata':{'annotations':{'Example.COM/ok':'any ü'}}} | ",
        "{'metadata':{'finalizers':['mine']}} | metadata.finalizers[0]: Invalid value: \"mine\":"
            + " name is neither a standard finalizer name nor is it fully qualified",
        "{'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'a'}]}} |"
            + " metadata.ownerReferences[0].uid: Invalid value: \"\": must not be empty",
        "{'data':{'a b':''}} | data[a b]: Invalid value: \"a b\": a valid config key must consist"
            + " of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or"
            + " 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "{'data':{'..x':''}} | data[..x]: Invalid value: \"..x\": must not start with '..'",
        "{'data':{'x':''},'binaryData':{'x':'eA=='}} | data[x]: Invalid value: \"x\": duplicate of"
            + " key present in binaryData"
      })
  void metadataAndConfigMaps(String patch, String error) {
    assertThat(errors("configmaps", patch)).isEqualTo(error == null ? List.of() : List.of(error));
  }

  @Test
  void anAnnotationsBytesAreCountedNotItsCharacters() {
    String just = "ü".repeat((256 * 1024 - 1) / 2);
    assertThat(errors("configmaps", "{'metadata':{'annotations':{'a':'" + just + "'}}}")).isEmpty();
    assertThat(errors("configmaps", "{'metadata':{'annotations':{'ab':'" + just + "a'}}}"))
        .containsExactly("metadata.annotations: Too long: may not be more than 262144 bytes");
  }

  @Test
  void aConfigMapHoldsAtMostOneMebibyte() {
    String most = "a".repeat(1024 * 1024);
    assertThat(errors("configmaps", "{'data':{'k':'" + most + "'}}")).isEmpty();
    assertThat(errors("configmaps", "{'data':{'k':'" + most + "'},'binaryData':{'b':'eA=='}}"))
        .containsExactly(": Too long: may not be more than 1048576 bytes");
  }

  @Test
  void twoControllersOwnNothing() {
    String owner =
        "{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'%s','uid':'u','controller':true}";
    List<String> errors =
        errors(
            "configmaps",
            "{'metadata':{'ownerReferences':["
                + owner.formatted("a")
                + ","
                + owner.formatted("b")
                + "]}}");
    assertThat(errors)
        .singleElement()
        .asString()
        .startsWith("metadata.ownerReferences: Invalid value: [")
        .endsWith(
            "Only one reference can have Controller set to true. Found \"true\" in references for"
                + " ReplicaSet/a and ReplicaSet/b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'kubernetes.io/tls','data':{'tls.crt':''}} | data[tls.key]: Required value",
        "{'type':'kubernetes.io/basic-auth','data':{'password':''}} | ",
        "{'type':'kubernetes.io/ssh-auth'} | data[ssh-privatekey]: Required value",
        "{'type':'kubernetes.io/dockerconfigjson','data':{'.dockerconfigjson':'eA=='}} |"
            + " data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": must be"
            + " valid JSON",
        "{'type':'kubernetes.io/dockerconfigjson','data':{'.dockerconfigjson':'e30='}} | ",
        "{'type':'kubernetes.io/service-account-token'} |"
            + " metadata.annotations[kubernetes.io/service-account.name]: Required value"
      })
  void secretsOfKnownTypesHaveTheirKeys(String patch, String error) {
    assertThat(errors("secrets", patch)).isEqualTo(error == null ? List.of() : List.of(error));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'metadata':{'name':'1web'}} | metadata.name: Invalid value: \"1web\": a DNS-1035 label"
            + " must consist of lower case alphanumeric characters or '-', start with an alphabetic"
            + " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123',"
            + " regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        "{'spec':{'ports':null}} | spec.ports: Required value",
        "{'spec':{'ports':null,'clusterIP':'None','clusterIPs':['None']}} | ",
        "{'spec':{'ports':[{'port':0,'protocol':'TCP','targetPort':80}]}} | spec.ports[0].port:"
            + " Invalid value: 0: must be between 1 and 65535, inclusive",
        "{'spec':{'ports':[{'port':80,'protocol':'tcp','targetPort':80}]}} |"
            + " spec.ports[0].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\","
            + " \"TCP\", \"UDP\"",
        "{'spec':{'ports':[{'port':80,'nodePort':30000,'protocol':'TCP','targetPort':80}]}} |"
            + " spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
        "{'spec':{'ports':[{'port':80,'protocol':'TCP','targetPort':'a--b'}]}} |"
            + " spec.ports[0].targetPort: Invalid value: \"a--b\": must not contain consecutive"
            + " hyphens",
        "{'spec':{'clusterIP':'10.0.0.2'}} | spec.clusterIPs: Invalid value: [\"10.0.0.1\"]: first"
            + " value must match `clusterIP`",
        "{'spec':{'ipFamilies':['IPv6']}} | spec.clusterIPs[0]: Invalid value: \"10.0.0.1\":"
            + " expected an IPv6 value as indicated by `ipFamilies[0]`",
        "{'spec':{'externalIPs':['127.0.0.1'],'externalTrafficPolicy':'Cluster'}} |"
            + " spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range"
            + " (127.0.0.0/8, ::1/128)",
        "{'spec':{'externalTrafficPolicy':'Local'}} | spec.externalTrafficPolicy: Invalid value:"
            + " \"Local\": may only be set for externally-accessible services",
        "{'spec':{'sessionAffinity':'ClientIP'}} | spec.sessionAffinityConfig: Required value: when"
            + " session affinity type is ClientIP",
        "{'spec':{'type':'Other'}} | spec.type: Unsupported value: \"Other\": supported values:"
            + " \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"",
        "{'spec':{'type':'ExternalName','externalName':'a.example.','clusterIP':null,"
            + "'clusterIPs':null,'ipFamilies':null,'ipFamilyPolicy':null}} | "
      })
  void services(String patch, String error) {
    assertThat(errors("services", patch)).isEqualTo(error == null ? List.of() : List.of(error));
  }

  @Test
  void portsOfAServiceHaveNamesWhenThereAreTwo() {
    String port = "{'port':%d,'protocol':'TCP','targetPort':80%s}";
    assertThat(
            errors(
                "services",
                "{'spec':{'ports':["
                    + port.formatted(80, "")
                    + ","
                    + port.formatted(80, ",'name':'B'")
                    + "]}}"))
        .containsExactly(
            "spec.ports[0].name: Required value",
            "spec.ports[1].name: Invalid value: \"B\": " + LABEL,
            "spec.ports[1]: Duplicate value:"
                + " {\"port\":80,\"protocol\":\"TCP\",\"targetPort\":80,\"name\":\"B\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'spec':{'replicas':-1}} | spec.replicas: Invalid value: -1: must be greater than or equal"
            + " to 0",
        "{'spec':{'selector':{'matchLabels':{'app':'other'}}}} | spec.template.metadata.labels:"
            + " Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`",
        "{'spec':{'template':{'spec':{'restartPolicy':'Never'}}}} |"
            + " spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values:"
            + " \"Always\"",
        "{'spec':{'template':{'spec':{'containers':null}}}} | spec.template.spec.containers:"
            + " Required value",
        "{'spec':{'strategy':{'rollingUpdate':{'maxSurge':'0%','maxUnavailable':0}}}} |"
            + " spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when"
            + " `maxSurge` is 0",
        "{'spec':{'strategy':{'rollingUpdate':{'maxUnavailable':'101%'}}}} |"
            + " spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be"
            + " greater than 100%",
        "{'spec':{'strategy':{'type':'Recreate'}}} | spec.strategy.rollingUpdate: Forbidden: may"
            + " not be specified when strategy `type` is 'Recreate'",
        "{'spec':{'strategy':{'type':'Slow','rollingUpdate':null}}} | spec.strategy.type:"
            + " Unsupported value: \"Slow\": supported values: \"Recreate\", \"RollingUpdate\"",
        "{'spec':{'minReadySeconds':600}} | spec.progressDeadlineSeconds: Invalid value: 600: must"
            + " be greater than minReadySeconds"
      })
  void deployments(String patch, String error) {
    assertThat(errors("deployments.apps", patch)).containsExactly(error);
  }

  @Test
  void aWorkloadWithoutSelectorSelectsNothing() {
    assertThat(errors("replicasets.apps", "{'spec':{'selector':null}}"))
        .containsExactly("spec.selector: Required value");
    assertThat(errors("deployments.apps", "{'spec':{'selector':{'matchLabels':null}}}"))
        .containsExactly(
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "nodes | {'spec':{'taints':[{'key':'a','effect':'Never'}]}} | metadata.taints[0].effect:"
            + " Unsupported value: \"Never\": supported values: \"NoExecute\", \"NoSchedule\","
            + " \"PreferNoSchedule\"",
        "nodes | {'metadata':{'namespace':'a'}} | metadata.namespace: Forbidden: not allowed on"
            + " this type",
        "nodes | {'spec':{'podCIDRs':['10.0.0.0/33']}} | spec.podCIDRs[0]: Invalid value:"
            + " \"10.0.0.0/33\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
        "namespaces | {'metadata':{'name':'a.b'}} | metadata.name: Invalid value: \"a.b\": "
            + LABEL,
        "leases.coordination.k8s.io | {'spec':{'leaseDurationSeconds':0}} |"
            + " spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
        "endpoints | {'subsets':[{}]} | subsets[0]: Required value: must specify `addresses` or"
            + " `notReadyAddresses`",
        "endpoints | {'subsets':[{'addresses':[{'ip':'010.0.0.1'}]}]} |"
            + " subsets[0].addresses[0].ip: Invalid value: \"010.0.0.1\": must be a valid IP"
            + " address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
        "endpointslices.discovery.k8s.io | {'endpoints':[{'addresses':['::2']}]} |"
            + " endpoints[0].addresses[0]: Invalid value: \"::2\": must be a valid IPv4 address",
        "endpointslices.discovery.k8s.io | {'addressType':null} | addressType: Required value",
        "events | {'involvedObject':{'namespace':'other'}} | involvedObject.namespace: Invalid"
            + " value: \"other\": does not match event.namespace",
        "events.events.k8s.io | {'type':'Odd'} | type: Invalid value: \"\": has invalid value: Odd",
        "events.events.k8s.io | {'action':null} | action: Required value",
        "widgets.example.com | {'metadata':{'name':'a%b'}} | metadata.name: Invalid value: \"a%b\":"
            + " may not contain '%'"
      })
  void otherKinds(String resource, String patch, String error) {
    assertThat(errors(resource, patch)).containsExactly(error);
  }

  @Test
  void anEndpointSliceHasALimit() {
    String endpoint = "{'addresses':['10.0.0.1']}";
    String endpoints = String.join(",", Collections.nCopies(1001, endpoint));
    assertThat(errors("endpointslices.discovery.k8s.io", "{'endpoints':[" + endpoints + "]}"))
        .containsExactly("endpoints: Too many: 1001: must have at most 1000 items");
  }
}
